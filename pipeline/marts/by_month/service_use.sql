-- Question: what was used, where, by whom and in which hour, and how did it end?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group and hour with any event.
-- Units: visits (人次); n_persons only where the source counts persons. Duplicates are left out.
select
  k.station_id,
  k.area_code,
  coalesce(k.service_code, '') as service_code,
  k.user_group_code,
  k.event_kind_code,
  date_trunc('hour', k.used_at) as hour_at,
  concat(cast(extract(year from k.used_at) as varchar), 'Q', cast(extract(quarter from k.used_at) as varchar)) as period_code,
  cast(sum(k.n_visits) as bigint) as n_visits,
  cast(sum(case when k.outcome_code = 'served' then k.n_visits else 0 end) as bigint) as n_served,
  cast(sum(case when k.outcome_code = 'stocked_out' then k.n_visits else 0 end) as bigint) as n_stocked_out,
  cast(sum(case when k.outcome_code = 'closed' then k.n_visits else 0 end) as bigint) as n_closed,
  cast(sum(case when k.outcome_code = 'refused' then k.n_visits else 0 end) as bigint) as n_refused,
  cast(sum(k.n_persons) as bigint) as n_persons
from log_kept as k
group by k.station_id, k.area_code, coalesce(k.service_code, ''), k.user_group_code, k.event_kind_code, date_trunc('hour', k.used_at),
  concat(cast(extract(year from k.used_at) as varchar), 'Q', cast(extract(quarter from k.used_at) as varchar))
