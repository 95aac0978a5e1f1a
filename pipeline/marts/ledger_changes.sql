-- Question: what changed since the last ledger?
-- Grain: one row per station, ledger (as_of) and item that differs; none for the first ledger of a source in an area.
-- Units: change_code first_seen (in no ledger before), not_seen (missing from this ledger: not seen, not closed),
-- seen_again (after a ledger without it), not_readable (its row was rejected: whether anything changed is not known),
-- first_read (it stood in a ledger before, but was always rejected), these with the item presence (absent, read or
-- refused); and changed: against the last ledger that could be read (last_read_as_of, which is before previous_as_of where
-- a station was away). Items are columns of the ledger, service:… (yes, no or unknown), hours (clock times by weekday, with
-- the access mode where one week has several) and location (WGS-84; moved_m metres, more than 1). Values are empty where
-- the ledger says nothing: not said is not no.
with presence as (  -- how each station stands in every ledger from the first that names it
  select s.station_id, s.first_as_of, l.area_code, l.source_code, l.as_of, l.previous_as_of,
         case when v.station_id is not null then 'read' when r.place_id is not null then 'refused' else 'absent' end as state
  from (
    select station_id, area_code, source_code, min(as_of) as first_as_of
    from (
      select station_id, area_code, source_code, as_of from clean.station_versions
      union all
      select place_id, area_code, source_code, as_of from audit.refused_places where kind_code = 'station')
    where station_id is not null
    group by station_id, area_code, source_code) as s
  join mart.station_ledgers as l
    on l.area_code = s.area_code and l.source_code = s.source_code and l.as_of >= s.first_as_of
  left join clean.station_versions as v
    on v.station_id = s.station_id and v.source_code = l.source_code and v.as_of = l.as_of
  left join (select distinct place_id, source_code, as_of from audit.refused_places where kind_code = 'station') as r
    on r.place_id = s.station_id and r.source_code = l.source_code and r.as_of = l.as_of
),
followed as (
  select *,
         coalesce(lag(state) over (partition by station_id, source_code order by as_of), 'absent') as state_before,
         max(case when state = 'read' then as_of end) over (partition by station_id, source_code order by as_of
           rows between unbounded preceding and 1 preceding) as last_read_as_of
  from presence
),
appeared as (
  select *,
         case when state = 'refused' then 'not_readable'
              when state = 'absent' and state_before <> 'absent' then 'not_seen'
              when state = 'read' and as_of = first_as_of then 'first_seen'
              when state = 'read' and last_read_as_of is null then 'first_read'
              when state = 'read' and state_before = 'absent' then 'seen_again' end as change_code
  from followed
  where previous_as_of is not null
),
services as (
  select station_id, service_code from clean.station_services group by station_id, service_code
),
stated as (  -- what each ledger says of each station, item by item, as text
  select station_id, as_of, 'name' as item_code, name as value from clean.station_versions
  union all select station_id, as_of, 'class_code', class_code from clean.station_versions
  union all select station_id, as_of, 'host_type_code', host_type_code from clean.station_versions
  union all select station_id, as_of, 'host_unit', host_unit from clean.station_versions
  union all select station_id, as_of, 'building_id', building_id from clean.station_versions
  union all select station_id, as_of, 'grid_id', grid_id from clean.station_versions
  union all select station_id, as_of, 'address', address from clean.station_versions
  union all select station_id, as_of, 'seats', cast(seats as varchar) from clean.station_versions
  union all select station_id, as_of, 'area_m2', cast(area_m2 as varchar) from clean.station_versions
  union all select station_id, as_of, 'opened_on', cast(opened_on as varchar) from clean.station_versions
  union all
  select v.station_id, v.as_of, 'hours', w.hours
  from clean.station_versions as v
  left join mart.station_weeks as w on w.station_id = v.station_id and w.as_of = v.as_of
  union all  -- how one enters is what the hours say; where there are none, what the ledger's own column says
  select v.station_id, v.as_of, 'access_mode_code', coalesce(w.access_mode_code, v.access_mode_code)
  from clean.station_versions as v
  left join mart.station_weeks as w on w.station_id = v.station_id and w.as_of = v.as_of
  union all
  select v.station_id, v.as_of, 'service:' || s.service_code,
         case when o.is_offered then 'yes' when not o.is_offered then 'no' else 'unknown' end
  from clean.station_versions as v
  join services as s on s.station_id = v.station_id
  left join clean.station_services as o
    on o.station_id = v.station_id and o.service_code = s.service_code and o.valid_from = v.as_of
),
moves as (  -- metres on a sphere, flat over so short a way; empty where one ledger has no coordinates
  select f.station_id, f.as_of, old.lon as lon_before, old.lat as lat_before, new.lon, new.lat,
         sqrt(pow((new.lon - old.lon) * cos(radians((new.lat + old.lat) / 2)), 2) + pow(new.lat - old.lat, 2))
           * 111195 as moved_m
  from followed as f
  join clean.station_versions as new on new.station_id = f.station_id and new.as_of = f.as_of
  join clean.station_versions as old on old.station_id = f.station_id and old.as_of = f.last_read_as_of
)
select area_code, source_code, station_id, as_of, previous_as_of, last_read_as_of, change_code,
       'presence' as item_code, state_before as value_before, state as value_after, cast(null as double) as moved_m
from appeared
where change_code is not null
union all
select f.area_code, f.source_code, f.station_id, f.as_of, f.previous_as_of, f.last_read_as_of, 'changed',
       new.item_code, old.value, new.value, null
from followed as f
join stated as new on new.station_id = f.station_id and new.as_of = f.as_of
join stated as old on old.station_id = f.station_id and old.as_of = f.last_read_as_of and old.item_code = new.item_code
where new.value is distinct from old.value
union all
select f.area_code, f.source_code, f.station_id, f.as_of, f.previous_as_of, f.last_read_as_of, 'changed', 'location',
       round(m.lon_before, 6) || ', ' || round(m.lat_before, 6), round(m.lon, 6) || ', ' || round(m.lat, 6),
       round(m.moved_m, 1)
from followed as f
join moves as m on m.station_id = f.station_id and m.as_of = f.as_of
where m.moved_m > 1 or (m.lon is null) <> (m.lon_before is null)
