-- Question: how busy was each station each day, and how long was it open, shut or short of something?
-- Grain: one row per station and day, from the first to the last event of the area in the quarter.
-- Units: visits (人次; the kind of record in mart.visit_grains) and minutes. n_visits is empty for a station that no log
-- mentions in the month, 0 for a logged station on a day without a record. Minutes are empty where the hours are unknown.
-- closed_minutes: closures within opening hours. stock_out_minutes: open minutes, summed over the services out of stock.
with days as (
  select area_code, period_code, cast(unnest(generate_series(first_event_on, last_event_on, interval 1 day)) as date) as day_on
  from mart.periods where first_event_on is not null
),
used as (
  select u.station_id, cast(u.hour_at as date) as day_on, sum(u.n_visits) as n_visits, sum(u.n_served) as n_served
  from mart.service_use as u
  join mart.visit_grains as g
    on g.station_id = u.station_id and g.month_on = cast(date_trunc('month', u.hour_at) as date)
   and g.event_kind_code = u.event_kind_code
  group by u.station_id, cast(u.hour_at as date)
),
known as (  -- hours are known on the day, be it that the station rests on this weekday
  select distinct d.day_on, h.station_id
  from days as d
  join clean.station_hours as h
    on h.area_code = d.area_code and h.valid_from <= d.day_on and coalesce(h.valid_to, d.day_on) >= d.day_on
),
meant as (select station_id, day_on, sum(open_minutes) as minutes from mart.scheduled_intervals group by station_id, day_on),
opened as (select station_id, day_on, sum(open_minutes) as minutes from mart.open_intervals group by station_id, day_on),
short as (select station_id, day_on, sum(stock_out_minutes) as minutes from mart.stock_out_days group by station_id, day_on)
select s.station_id,
       s.area_code,
       d.day_on,
       d.period_code,
       g.event_kind_code,
       cast(case when g.station_id is not null then coalesce(u.n_visits, 0) end as bigint) as n_visits,
       cast(case when g.station_id is not null then coalesce(u.n_served, 0) end as bigint) as n_served,
       cast(case when g.station_id is not null then coalesce(u.n_visits - u.n_served, 0) end as bigint) as n_unserved,
       cast(case when k.station_id is not null then coalesce(o.minutes, 0) end as integer) as open_minutes,
       cast(case when k.station_id is not null then coalesce(x.minutes, 0) end as integer) as stock_out_minutes,
       cast(case when k.station_id is not null then coalesce(m.minutes, 0) - coalesce(o.minutes, 0) end as integer) as closed_minutes
from days as d
join clean.stations as s on s.area_code = d.area_code and coalesce(s.opened_on, d.day_on) <= d.day_on
left join mart.visit_grains as g on g.station_id = s.station_id and g.month_on = cast(date_trunc('month', d.day_on) as date)
left join used as u on u.station_id = s.station_id and u.day_on = d.day_on
left join known as k on k.station_id = s.station_id and k.day_on = d.day_on
left join meant as m on m.station_id = s.station_id and m.day_on = d.day_on
left join opened as o on o.station_id = s.station_id and o.day_on = d.day_on
left join short as x on x.station_id = s.station_id and x.day_on = d.day_on
