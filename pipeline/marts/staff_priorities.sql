-- Question: what do station staff say couriers need most?
-- Grain: one row per area, quarter of the ranking and service that at least one station named.
-- Units: stations. Of several rankings of a station in a quarter the last counts. A station's first choice earns as many
-- points as the longest list has places, the next one less, and so on; rank_order 1 has the most points.
with latest as (
  select *, year(as_of) || 'Q' || quarter(as_of) as period_code
  from clean.staff_rankings
  qualify as_of = max(as_of) over (partition by station_id, year(as_of), quarter(as_of))
),
sized as (
  select area_code, period_code, count(distinct station_id) as n_stations, max(rank) as n_places
  from latest group by area_code, period_code
),
counted as (
  select l.area_code, l.period_code, l.service_code, s.n_stations,
         count(distinct l.station_id) as n_named,
         count(*) filter (where l.rank = 1) as n_first,
         avg(l.rank) as mean_rank,
         cast(sum(s.n_places + 1 - l.rank) as bigint) as n_points
  from latest as l
  join sized as s on s.area_code = l.area_code and s.period_code = l.period_code
  group by l.area_code, l.period_code, l.service_code, s.n_stations
)
select area_code,
       period_code,
       service_code,
       n_stations,
       n_named,
       n_first,
       mean_rank,
       n_points,
       rank() over (partition by area_code, period_code order by n_points desc, n_first desc) as rank_order
from counted
