-- Question: for how long was a service out of stock while its station was open?
-- Grain: one row per station, service and day with any stock-out in open hours.
-- Units: minutes within mart.open_intervals. A stock-out that has not ended lasts.
with cut as (
  select i.station_id, i.area_code, i.period_code, i.day_on, o.service_code,
         greatest(o.started_at, i.opens_at) as started_at, least(coalesce(o.ended_at, i.closes_at), i.closes_at) as ended_at
  from mart.open_intervals as i
  join (select distinct station_id, service_code, started_at, ended_at from clean.stock_outs) as o
    on o.station_id = i.station_id and o.started_at < i.closes_at and coalesce(o.ended_at, i.closes_at) > i.opens_at
)
select station_id,
       area_code,
       period_code,
       day_on,
       service_code,
       cast(sum(date_diff('minute', started_at, ended_at)) as integer) as stock_out_minutes
from cut
group by station_id, area_code, period_code, day_on, service_code
