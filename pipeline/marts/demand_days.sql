-- Question: for how long was a service to be had on each day, and how often was it asked for in that time?
-- Grain: one row per station, service and day on which the station's log covers the service, or a stock-out of it is known.
-- Units: visits (人次; mart.service_days) and open minutes. A log covers a service on all days of its months if it names it in
-- the quarter: a day without a record is 0, and n_visits is empty where no log covers it. Until the first stock-out of the
-- day (mart.sold_out_days), the whole day where there is none: visits in open hours alone. Empty: hours unknown, not logged,
-- or sold out without a time (is_stock_out_timed is false).
-- Exposure and counts alone: no estimate. Recorded use is a part of all use, and stays it.
with pairs as (
  select station_id, service_code, period_code, true as is_logged from mart.service_days
  union
  select station_id, service_code, period_code, false from mart.sold_out_days
),
wanted as (
  select station_id, service_code, period_code, bool_or(is_logged) as is_logged from pairs group by station_id, service_code, period_code
)
select w.station_id,
       d.area_code,
       w.period_code,
       d.day_on,
       w.service_code,
       d.open_minutes,
       cast(case when is_covered then case when s.station_id is null then d.open_minutes else s.minutes_until_stock_out end end as integer)
         as minutes_until_stock_out,
       cast(case when is_covered and d.open_minutes is not null
                 then case when s.station_id is null then coalesce(u.n_visits_open, 0) else s.n_visits_until_stock_out end end as bigint)
         as n_visits_until_stock_out,
       cast(case when is_covered then coalesce(u.n_visits, 0) end as bigint) as n_visits,
       cast(case when is_covered and d.open_minutes is not null then coalesce(u.n_visits_open, 0) end as bigint) as n_visits_open,
       cast(case when is_covered and d.open_minutes is not null then coalesce(u.n_served_open, 0) end as bigint) as n_served_open,
       cast(case when is_covered then coalesce(u.n_stocked_out, 0) end as bigint) as n_stocked_out,
       s.station_id is not null as is_sold_out,
       s.is_stock_out_timed
from wanted as w
join mart.station_days as d on d.station_id = w.station_id and d.period_code = w.period_code
left join mart.visit_grains as g
  on g.station_id = w.station_id and g.month_on = cast(date_trunc('month', d.day_on) as date) and g.is_service_logged
left join mart.sold_out_days as s on s.station_id = w.station_id and s.service_code = w.service_code and s.day_on = d.day_on
left join mart.service_days as u on u.station_id = w.station_id and u.service_code = w.service_code and u.day_on = d.day_on
cross join lateral (select w.is_logged and g.station_id is not null as is_covered) as c
where is_covered or s.station_id is not null
