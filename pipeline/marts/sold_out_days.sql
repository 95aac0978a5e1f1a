-- Question: on which days was a service out of stock, from when, and how much was asked for before?
-- Grain: one row per station, service and day on which a stock-out is known: written down, or told by a request that failed.
-- Units: first_out_at: local wall clock, empty where no time is known. Open minutes, and visits (人次) asked for in open hours
-- whatever their outcome, until then; empty without a time or without known hours.
-- Written: from its start; on later days from the day's beginning. A start at midnight is a day without a time: its first day
-- has none, nor has any other day of it on which somebody was served. Without an end it lasts until the service is written
-- down as out again, or through the day on which it is next served (up to that day where the start has no time). Told: the
-- first failed request is the time; it is counted, for it was asked for in the time before. Records at midnight have no time
-- of day: a day that has such records has none.
with written as (  -- of one start that was written twice, once without an end, the end holds
  select station_id, service_code, started_at, started_at = date_trunc('day', started_at) as is_day_only, max(ended_at) as ended_at,
         lead(started_at) over (partition by station_id, service_code order by started_at) as next_at
  from clean.stock_outs
  group by station_id, service_code, started_at
),
served_again as (
  select w.station_id, w.service_code, w.started_at, min(u.hour_at) as hour_at
  from written as w
  join mart.service_use as u
    on u.station_id = w.station_id and u.service_code = w.service_code and u.n_served > 0
   and u.hour_at > w.started_at + case when w.is_day_only then interval 23 hour else interval 0 hour end
  where w.ended_at is null
  group by w.station_id, w.service_code, w.started_at
),
spans as (
  select w.station_id, w.service_code, w.started_at, w.is_day_only,
         case when w.ended_at is null
              then least(case when cast(w.next_at as date) > cast(w.started_at as date)
                              then date_trunc('day', w.next_at) else w.next_at end,
                         date_trunc('day', a.hour_at) + case when w.is_day_only then interval 0 day else interval 1 day end)
              when w.is_day_only and w.ended_at = date_trunc('day', w.ended_at) then w.ended_at + interval 1 day
              else w.ended_at end as ended_at
  from written as w
  left join served_again as a
    on a.station_id = w.station_id and a.service_code = w.service_code and a.started_at = w.started_at
),
by_ledger as (  -- days of a span, as far as it reaches into open hours; where hours are unknown, all
  select s.station_id, s.service_code, d.day_on,
         min(case when s.is_day_only and (d.day_on = cast(s.started_at as date) or coalesce(u.n_served, 0) > 0) then null
                  else greatest(s.started_at, cast(d.day_on as timestamp)) end) as out_at
  from spans as s
  join mart.station_days as d
    on d.station_id = s.station_id and d.day_on >= cast(s.started_at as date)
   and d.day_on < coalesce(s.ended_at, timestamp '9999-01-01')
  left join mart.service_days as u on u.station_id = s.station_id and u.service_code = s.service_code and u.day_on = d.day_on
  where d.open_minutes is null
     or exists (select 1 from mart.open_intervals as i
                where i.station_id = d.station_id and i.day_on = d.day_on and i.closes_at > s.started_at
                  and i.opens_at < coalesce(s.ended_at, timestamp '9999-01-01'))
  group by s.station_id, s.service_code, d.day_on
),
by_log as (  -- by day: the first request that failed, and whether any record lacks a time of day; few records are either
  select e.station_id, e.service_code, cast(e.used_at as date) as day_on, bool_or(e.used_at = date_trunc('day', e.used_at)) as has_day_only,
         min(e.used_at) filter (where e.outcome_code = 'stocked_out') as failed_at
  from clean.service_events as e
  where e.service_code is not null and e.event_kind_code <> 'entry'
    and (e.outcome_code = 'stocked_out' or e.used_at = date_trunc('day', e.used_at))
  group by e.station_id, e.service_code, cast(e.used_at as date)
),
days as (
  select station_id, service_code, day_on from by_ledger
  union
  select station_id, service_code, day_on from by_log where failed_at is not null
),
starts as (
  select d.station_id, d.service_code, d.day_on, coalesce(l.failed_at < w.out_at, w.out_at is null) as is_told_by_log,
         case when w.out_at = d.day_on or not coalesce(l.has_day_only, false) then least(w.out_at, l.failed_at) end as out_at
  from days as d
  left join by_ledger as w on w.station_id = d.station_id and w.service_code = d.service_code and w.day_on = d.day_on
  left join by_log as l on l.station_id = d.station_id and l.service_code = d.service_code and l.day_on = d.day_on
),
open_hours as (
  select distinct i.station_id,
         unnest(generate_series(date_trunc('hour', i.opens_at), i.closes_at - interval 1 second, interval 1 hour)) as hour_at
  from mart.open_intervals as i
  where exists (select 1 from starts as s where s.station_id = i.station_id and s.day_on = i.day_on)
),
before as (  -- who came at that very minute took the last of it; of those who failed only the first belongs to the time before
  select s.station_id, s.service_code, s.day_on,
         sum(e.n_visits) filter (where e.outcome_code <> 'stocked_out') as n_other,
         bool_or(e.outcome_code = 'stocked_out' and e.used_at = s.out_at and s.is_told_by_log) as is_first_failed
  from clean.service_events as e
  join starts as s
    on s.station_id = e.station_id and s.service_code = e.service_code and s.day_on = cast(e.used_at as date) and e.used_at <= s.out_at
  join open_hours as o on o.station_id = e.station_id and o.hour_at = date_trunc('hour', e.used_at)
  where e.event_kind_code <> 'entry' and s.out_at > s.day_on
  group by s.station_id, s.service_code, s.day_on
),
minutes as (
  select s.station_id, s.service_code, s.day_on,
         sum(greatest(date_diff('minute', i.opens_at, least(i.closes_at, s.out_at)), 0)) as n
  from starts as s
  join mart.open_intervals as i on i.station_id = s.station_id and i.day_on = s.day_on
  where s.out_at is not null
  group by s.station_id, s.service_code, s.day_on
)
select s.station_id,
       d.area_code,
       d.period_code,
       s.day_on,
       s.service_code,
       s.out_at as first_out_at,
       s.out_at is not null as is_stock_out_timed,
       cast(case when s.out_at is not null and d.open_minutes is not null then coalesce(m.n, 0) end as integer)
         as minutes_until_stock_out,
       cast(case when s.out_at is not null and d.open_minutes is not null
                 then coalesce(b.n_other, 0) + coalesce(b.is_first_failed, false)::integer end as bigint) as n_visits_until_stock_out
from starts as s
join mart.station_days as d on d.station_id = s.station_id and d.day_on = s.day_on
left join before as b on b.station_id = s.station_id and b.service_code = s.service_code and b.day_on = s.day_on
left join minutes as m on m.station_id = s.station_id and m.service_code = s.service_code and m.day_on = s.day_on
