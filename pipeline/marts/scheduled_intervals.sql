-- Question: when was each station meant to be open?
-- Grain: one row per station and unbroken interval of a day, by the opening hours valid on that day.
-- Units: local wall-clock times; days from the first to the last event of the quarter. A station without known hours has
-- no row, which is not the same as closed.
with days as (
  select area_code, period_code, cast(unnest(generate_series(first_event_on, last_event_on, interval 1 day)) as date) as day_on
  from mart.periods where first_event_on is not null
),
valid as (
  select h.station_id, h.area_code, d.period_code, d.day_on,
         d.day_on + to_minutes(h.opens_minute) as opens_at, d.day_on + to_minutes(h.closes_minute) as closes_at
  from days as d
  join clean.stations as s on s.area_code = d.area_code and coalesce(s.opened_on, d.day_on) <= d.day_on
  join clean.station_hours as h
    on h.station_id = s.station_id and h.weekday = isodow(d.day_on)
   and h.valid_from <= d.day_on and coalesce(h.valid_to, d.day_on) >= d.day_on
),
flagged as (  -- staffed and scan-in hours may overlap: a new block starts where nothing before reaches
  select *, opens_at > coalesce(max(closes_at) over (partition by station_id, day_on order by opens_at, closes_at
                                rows between unbounded preceding and 1 preceding), timestamp '1900-01-01') as is_new
  from valid
),
numbered as (
  select *, sum(case when is_new then 1 else 0 end) over (partition by station_id, day_on order by opens_at, closes_at
                rows between unbounded preceding and current row) as block
  from flagged
)
select station_id,
       area_code,
       period_code,
       day_on,
       cast(block as integer) as block,
       min(opens_at) as opens_at,
       max(closes_at) as closes_at,
       cast(date_diff('minute', min(opens_at), max(closes_at)) as integer) as open_minutes
from numbered
group by station_id, area_code, period_code, day_on, block
