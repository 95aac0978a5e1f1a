-- Question: at which hours are the stations used, by whom, on working days and at weekends?
-- Grain: one row per area, month, kind of record, user group, weekend or not, and hour of day with any event.
-- Units: visits (人次); n_days is the number of such days in the month within the days the area's log covers, so that
-- n_visits / n_days is visits an hour on an average day. Saturdays and Sundays are the weekend; holidays are not known.
with span as (  -- the days the log covers: from its first to its last event in the month
  select area_code, cast(date_trunc('month', hour_at) as date) as month_on,
         cast(min(hour_at) as date) as first_on, cast(max(hour_at) as date) as last_on
  from mart.service_use group by area_code, cast(date_trunc('month', hour_at) as date)
),
days as (
  select area_code, month_on, isodow(day_on) >= 6 as is_weekend, count(*) as n_days
  from (select area_code, month_on, unnest(generate_series(first_on, last_on, interval 1 day)) as day_on from span)
  group by area_code, month_on, isodow(day_on) >= 6
)
select c.area_code,
       year(c.month_on) || 'Q' || quarter(c.month_on) as period_code,
       c.month_on,
       c.event_kind_code,
       c.user_group_code,
       c.is_weekend,
       c.hour,
       c.n_visits,
       c.n_keys,
       d.n_days
from mart.hour_users as c
join days as d on d.area_code = c.area_code and d.month_on = c.month_on and d.is_weekend = c.is_weekend
