-- Question: what was used, where, by whom and in which hour, and how did it end?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group and hour with any event.
-- Units: visits (人次); n_persons only where the source counts persons. Duplicates are left out.
with counted as (
  select
    k.station_id, k.area_code, k.service_code, k.user_group_code, k.event_kind_code, date_trunc('hour', k.used_at) as hour_at,
    sum(k.n_visits) as n_visits,
    sum(case when k.outcome_code = 'stocked_out' then k.n_visits else 0 end) as n_stocked_out,
    sum(case when k.outcome_code = 'closed' then k.n_visits else 0 end) as n_closed,
    sum(case when k.outcome_code = 'refused' then k.n_visits else 0 end) as n_refused,
    sum(k.n_persons) as n_persons
  from log_kept as k
  group by k.station_id, k.area_code, k.service_code, k.user_group_code, k.event_kind_code, date_trunc('hour', k.used_at)
)
select
  c.station_id,
  c.area_code,
  coalesce(c.service_code, '') as service_code,
  c.user_group_code,
  c.event_kind_code,
  c.hour_at,
  concat(cast(extract(year from c.hour_at) as varchar), 'Q', cast(extract(quarter from c.hour_at) as varchar)) as period_code,
  cast(c.n_visits as bigint) as n_visits,
  cast(c.n_visits - c.n_stocked_out - c.n_closed - c.n_refused as bigint) as n_served,  -- outcomes are these four
  cast(c.n_stocked_out as bigint) as n_stocked_out,
  cast(c.n_closed as bigint) as n_closed,
  cast(c.n_refused as bigint) as n_refused,
  cast(c.n_persons as bigint) as n_persons
from counted as c
