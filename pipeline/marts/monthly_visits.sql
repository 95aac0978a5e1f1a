-- Question: how did visits develop from month to month?
-- Grain: one row per area, month, origin ('events' counted from the logs, 'reported' taken from monthly returns) and
-- measure. The two origins are never mixed or added.
-- Units: as the measure says (visits: 人次). n_keys: distinct couriers and riders in the month (logs with keys only).
with counted as (
  select e.area_code, g.month_on, cast(sum(e.n_visits) as double) as value, count(distinct e.station_id) as n_stations,
         count(distinct e.courier_key) filter (where e.user_group_code in ('courier', 'rider')) as n_keys
  from clean.service_events as e
  join mart.visit_grains as g
    on g.station_id = e.station_id and g.month_on = cast(date_trunc('month', e.used_at) as date)
   and g.event_kind_code = e.event_kind_code
  group by e.area_code, g.month_on
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
