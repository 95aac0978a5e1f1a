-- Question: who used what in a month?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group, month and keyed pseudonym (empty for
-- uses that name nobody).
-- Units: visits (人次); first and last day of use in the month. Keys rotate by month: never count them over months.
with counted as (
  select
    k.station_id, k.area_code, k.service_code, k.user_group_code, k.event_kind_code,
    date_trunc('month', k.used_at) as month_at, k.courier_no,
    sum(k.n_visits) as n_visits,
    sum(case when k.outcome_code = 'served' then k.n_visits else 0 end) as n_served,
    min(k.used_at) as first_at, max(k.used_at) as last_at
  from log_kept as k
  group by k.station_id, k.area_code, k.service_code, k.user_group_code, k.event_kind_code,
    date_trunc('month', k.used_at), k.courier_no
)
select
  c.station_id,
  c.area_code,
  coalesce(c.service_code, '') as service_code,
  c.user_group_code,
  c.event_kind_code,
  cast(c.month_at as date) as month_on,
  c.courier_no,
  cast(c.n_visits as bigint) as n_visits,
  cast(c.n_served as bigint) as n_served,
  cast(c.first_at as date) as first_used_on,
  cast(c.last_at as date) as last_used_on
from counted as c
