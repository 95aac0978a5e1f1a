-- Question: which ledgers of stations were received, and which came before each?
-- Grain: one row per area, source and date; several files and sheets of one date are one ledger.
-- Units: stations. n_stations: read. n_stations_refused: those, so far as their rows name one, that have only rejected
-- rows. previous_as_of: the ledger before, of the same source in the same area; empty for the first.
with standing as (
  select area_code, source_code, as_of, station_id, true as is_read from clean.station_versions
  union all
  select area_code, source_code, as_of, place_id, false from audit.refused_places
  where kind_code = 'station' and as_of is not null
),
stations as (
  select area_code, source_code, as_of, station_id, bool_or(is_read) as is_read
  from standing
  group by area_code, source_code, as_of, station_id
)
select area_code,
       source_code,
       as_of,
       lag(as_of) over (partition by area_code, source_code order by as_of) as previous_as_of,
       count(station_id) filter (where is_read) as n_stations,
       count(station_id) filter (where not is_read) as n_stations_refused
from stations
group by area_code, source_code, as_of
