-- Question: who used what in a month?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group, month and keyed pseudonym (empty for
-- uses that name nobody).
-- Units: visits (人次). Keys rotate by month: never count them over months.
select
  k.station_id,
  k.area_code,
  coalesce(k.service_code, '') as service_code,
  k.user_group_code,
  k.event_kind_code,
  cast(date_trunc('month', k.used_at) as date) as month_on,
  k.courier_key,
  cast(sum(k.n_visits) as bigint) as n_visits,
  cast(sum(case when k.outcome_code = 'served' then k.n_visits else 0 end) as bigint) as n_served
from log_kept as k
group by k.station_id, k.area_code, coalesce(k.service_code, ''), k.user_group_code, k.event_kind_code,
  cast(date_trunc('month', k.used_at) as date), k.courier_key
