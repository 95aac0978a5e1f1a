-- Question: how did visits develop from month to month?
-- Grain: one row per area, month, origin ('events' counted from the logs, 'reported' taken from monthly returns) and
-- measure. The two origins are never mixed or added.
-- Units: as the measure says (visits: 人次). n_keys: distinct couriers and riders in the month (logs with keys only).
with counted as (
  select u.area_code, u.month_on, cast(sum(u.n_visits) as double) as value, count(distinct u.station_id) as n_stations,
         count(distinct u.courier_no) filter (where u.user_group_code in ('courier', 'rider')) as n_keys
  from mart.service_users as u
  join mart.visit_grains as g
    on g.station_id = u.station_id and g.month_on = u.month_on and g.event_kind_code = u.event_kind_code
  group by u.area_code, u.month_on
)
select area_code,
       month_on,
       'events' as origin,
       'visits' as measure_code,
       value,
       n_stations,
       n_keys
from counted
union all
select area_code, month_on, 'reported', measure_code, sum(value), count(distinct station_id), null
from clean.monthly_counts
group by area_code, month_on, measure_code
