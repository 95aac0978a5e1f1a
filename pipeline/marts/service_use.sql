-- Question: what was used, where, by whom and in which hour, and how did it end?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group and hour with any event.
-- Units: visits (人次); n_persons only where the source counts persons. Duplicates are left out.
select station_id,
       area_code,
       coalesce(service_code, '') as service_code,
       user_group_code,
       event_kind_code,
       date_trunc('hour', used_at) as hour_at,
       year(used_at) || 'Q' || quarter(used_at) as period_code,
       cast(sum(n_visits) as bigint) as n_visits,
       cast(coalesce(sum(n_visits) filter (where outcome_code = 'served'), 0) as bigint) as n_served,
       cast(coalesce(sum(n_visits) filter (where outcome_code = 'stocked_out'), 0) as bigint) as n_stocked_out,
       cast(coalesce(sum(n_visits) filter (where outcome_code = 'closed'), 0) as bigint) as n_closed,
       cast(coalesce(sum(n_visits) filter (where outcome_code = 'refused'), 0) as bigint) as n_refused,
       cast(sum(n_persons) as bigint) as n_persons
from clean.service_events
group by station_id, area_code, coalesce(service_code, ''), user_group_code, event_kind_code, date_trunc('hour', used_at),
         year(used_at) || 'Q' || quarter(used_at)
