-- Question: when does each ledger say that a station is open in a week, in words?
-- Grain: one row per station and ledger (as_of).
-- Units: hours: clock times by weekday (每天 8:00-20:00; weekdays with the same hours stand together, closing after midnight
-- is said on the next day), with the access mode where the week has several, and the season (05-01..09-30) where it is one.
-- access_mode_code: the mode, or all of them.
with said_once as (  -- a season comes round every year; it is said once
  select distinct station_id, area_code, coalesce(as_of, valid_from) as as_of, weekday, opens_minute, closes_minute, access_mode_code, from_day, to_day
  from clean.station_hours
),
intervals as (
  select *,
         cast(floor(opens_minute / 60) as integer) || ':' || lpad(cast(opens_minute % 60 as varchar), 2, '0') || '-'
           || cast(floor(closes_minute / 60) as integer) || ':' || lpad(cast(closes_minute % 60 as varchar), 2, '0')
           || case when from_day is null then '' else ' (' || from_day || '..' || to_day || ')' end as clock,
         min(access_mode_code) over (partition by station_id, as_of)
           <> max(access_mode_code) over (partition by station_id, as_of) as is_mixed
  from said_once
),
days as (
  select station_id, area_code, as_of, weekday,
         string_agg(clock || case when is_mixed then ' ' || access_mode_code else '' end, ', '
                    order by from_day nulls first, opens_minute, closes_minute, access_mode_code) as said
  from intervals
  group by station_id, area_code, as_of, weekday
),
alike as (
  select station_id, area_code, as_of, said, min(weekday) as first_weekday,
         case when count(*) = 7 then '每天'
              else string_agg(substr('一二三四五六日', weekday, 1), '' order by weekday) end as weekdays
  from days
  group by station_id, area_code, as_of, said
),
modes as (
  select station_id, as_of, string_agg(distinct access_mode_code, ', ' order by access_mode_code) as access_mode_code
  from said_once
  group by station_id, as_of
)
select a.station_id,
       a.area_code,
       a.as_of,
       string_agg(a.weekdays || ' ' || a.said, '; ' order by a.first_weekday) as hours,
       m.access_mode_code
from alike as a
join modes as m on m.station_id = a.station_id and m.as_of = a.as_of
group by a.station_id, a.area_code, a.as_of, m.access_mode_code
