-- Question: how much was each service used in each month, and by how many different people?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group and month with any event.
-- Units: visits (人次); n_keys counts distinct keyed pseudonyms within the month. Keys rotate by month: never add months.
select area_code,
       station_id,
       coalesce(service_code, '') as service_code,
       user_group_code,
       cast(date_trunc('month', used_at) as date) as month_on,
       year(used_at) || 'Q' || quarter(used_at) as period_code,
       event_kind_code,
       cast(sum(n_visits) as bigint) as n_visits,
       cast(coalesce(sum(n_visits) filter (where outcome_code = 'served'), 0) as bigint) as n_served,
       cast(coalesce(sum(n_visits) filter (where outcome_code <> 'served'), 0) as bigint) as n_unserved,
       count(distinct courier_key) as n_keys
from clean.service_events
group by area_code, station_id, coalesce(service_code, ''), user_group_code, cast(date_trunc('month', used_at) as date),
         year(used_at) || 'Q' || quarter(used_at), event_kind_code
