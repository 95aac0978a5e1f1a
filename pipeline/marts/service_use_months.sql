-- Question: how much was each service used in each month, and by how many different people?
-- Grain: one row per station, kind of record, service ('' for a door scan), user group and month with any event.
-- Units: visits (人次); n_keys counts distinct keyed pseudonyms within the month. Keys rotate by month: never add months.
select area_code,
       station_id,
       service_code,
       user_group_code,
       month_on,
       year(month_on) || 'Q' || quarter(month_on) as period_code,
       event_kind_code,
       cast(sum(n_visits) as bigint) as n_visits,
       cast(sum(n_served) as bigint) as n_served,
       cast(sum(n_visits - n_served) as bigint) as n_unserved,
       count(distinct courier_no) as n_keys
from mart.service_users
group by area_code, station_id, service_code, user_group_code, month_on, event_kind_code
