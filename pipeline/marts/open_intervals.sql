-- Question: when was each station really open?
-- Grain: one row per station and unbroken interval of a day: the scheduled interval less closures.
-- Units: local wall-clock times. A closure that has not ended lasts.
with shut as (  -- closures cut to each scheduled interval
  select b.station_id, b.day_on, b.block, greatest(c.started_at, b.opens_at) as started_at,
         least(coalesce(c.ended_at, b.closes_at), b.closes_at) as ended_at
  from mart.scheduled_intervals as b
  join clean.closures as c
    on c.station_id = b.station_id and c.started_at < b.closes_at and coalesce(c.ended_at, b.closes_at) > b.opens_at
),
edges as (  -- an open piece begins where the interval begins and behind every closure
  select station_id, area_code, period_code, day_on, block, opens_at, closes_at from mart.scheduled_intervals
  union
  select b.station_id, b.area_code, b.period_code, b.day_on, b.block, s.ended_at, b.closes_at
  from mart.scheduled_intervals as b
  join shut as s on s.station_id = b.station_id and s.day_on = b.day_on and s.block = b.block
),
pieces as (  -- and ends with the next closure, or with the interval
  select e.station_id, e.area_code, e.period_code, e.day_on, e.opens_at,
         least(e.closes_at, coalesce(min(n.started_at), e.closes_at)) as closes_at
  from edges as e
  left join shut as n
    on n.station_id = e.station_id and n.day_on = e.day_on and n.block = e.block and n.started_at >= e.opens_at
  where not exists (  -- closures may overlap: one may end within another
    select 1 from shut as c
    where c.station_id = e.station_id and c.day_on = e.day_on and c.block = e.block
      and c.started_at < e.opens_at and c.ended_at > e.opens_at)
  group by e.station_id, e.area_code, e.period_code, e.day_on, e.opens_at, e.closes_at
)
select station_id,
       area_code,
       period_code,
       day_on,
       opens_at,
       closes_at,
       cast(date_diff('minute', opens_at, closes_at) as integer) as open_minutes
from pieces
where opens_at < closes_at
