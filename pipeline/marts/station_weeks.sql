-- Question: when is each station open in a week, in words?
-- Grain: one row per station and validity of its hours.
-- Units: hours: clock times by weekday (每天 8:00-20:00; weekdays with the same hours stand together, closing after midnight
-- is said on the next day), with the access mode where the week has several. access_mode_code: the mode, or all of them.
with intervals as (
  select *,
         cast(floor(opens_minute / 60) as integer) || ':' || lpad(cast(opens_minute % 60 as varchar), 2, '0') || '-'
           || cast(floor(closes_minute / 60) as integer) || ':' || lpad(cast(closes_minute % 60 as varchar), 2, '0') as clock,
         min(access_mode_code) over (partition by station_id, valid_from)
           <> max(access_mode_code) over (partition by station_id, valid_from) as is_mixed
  from clean.station_hours
),
days as (
  select station_id, area_code, valid_from, valid_to, weekday,
         string_agg(clock || case when is_mixed then ' ' || access_mode_code else '' end, ', '
                    order by opens_minute, closes_minute, access_mode_code) as said
  from intervals
  group by station_id, area_code, valid_from, valid_to, weekday
),
alike as (
  select station_id, area_code, valid_from, valid_to, said, min(weekday) as first_weekday,
         case when count(*) = 7 then '每天'
              else string_agg(substr('一二三四五六日', weekday, 1), '' order by weekday) end as weekdays
  from days
  group by station_id, area_code, valid_from, valid_to, said
),
modes as (
  select station_id, valid_from, string_agg(distinct access_mode_code, ', ' order by access_mode_code) as access_mode_code
  from clean.station_hours
  group by station_id, valid_from
)
select a.station_id,
       a.area_code,
       a.valid_from,
       a.valid_to,
       string_agg(a.weekdays || ' ' || a.said, '; ' order by a.first_weekday) as hours,
       m.access_mode_code
from alike as a
join modes as m on m.station_id = a.station_id and m.valid_from = a.valid_from
group by a.station_id, a.area_code, a.valid_from, a.valid_to, m.access_mode_code
