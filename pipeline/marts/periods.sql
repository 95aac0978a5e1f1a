-- Question: which reporting quarters does the evidence cover, and how far does the latest reach?
-- Grain: one row per area and quarter with at least one event or answer.
-- Units: days. last_on is the last day with an event or answer; a wave counts in the quarter it closed.
with placed as (  -- an answer given before the quarter its wave closed in counts on that quarter's first day
  select distinct area_code, period_code, cast(hour_at as date) as day_on, 'event' as kind
  from mart.service_use
  union all
  select r.area_code, w.period_code,
         greatest(least(coalesce(cast(r.submitted_at as date), w.closed_on), w.closed_on),
                  cast(date_trunc('quarter', w.closed_on) as date)) as day_on,
         'answer' as kind
  from clean.respondents as r join ref.waves as w on w.wave_code = r.wave_code
)
select area_code,
       period_code,
       cast(date_trunc('quarter', min(day_on)) as date) as starts_on,
       cast(date_trunc('quarter', min(day_on)) + interval 3 month - interval 1 day as date) as ends_on,
       min(day_on) as first_on,
       max(day_on) as last_on,
       min(day_on) filter (where kind = 'event') as first_event_on,
       max(day_on) filter (where kind = 'event') as last_event_on,
       max(day_on) < cast(date_trunc('quarter', min(day_on)) + interval 3 month - interval 1 day as date) as is_partial
from placed
group by area_code, period_code
