-- Question: who answered, and how does that compare with who works here?
-- Grain: one row per wave, variable and value ('unknown' when not said).
-- Units: n valid respondents, w sum of their weights: for user_group and mode everybody valid (w: couriers and riders
-- only, others carry no weight), for the rest couriers and riders. n_frame: persons in the population frame (latest count
-- up to the close of the wave), for user_group, platform and employment_type only, and only for waves of those it counts
-- (attached).
with everybody as (
  select r.*, v.weight, v.respondent_id is not null as is_courier
  from clean.respondents as r
  left join clean.valid_respondents as v on v.wave_code = r.wave_code and v.respondent_id = r.respondent_id
  where r.is_valid
),
values_ as (
  select wave_code, area_code, weight, 'user_group' as variable_code, user_group_code as value_code from everybody
  union all
  select wave_code, area_code, weight, 'mode', mode_code from everybody
  union all
  select wave_code, area_code, weight, 'platform', platform_code from everybody where is_courier
  union all
  select wave_code, area_code, weight, 'employment_type', employment_type_code from everybody where is_courier
  union all
  select wave_code, area_code, weight, 'gender', gender_code from everybody where is_courier
  union all
  select wave_code, area_code, weight, 'age_band', age_band_code from everybody where is_courier
  union all
  select wave_code, area_code, weight, 'visits_band',
         case when visits_per_week = 0 then 'none' when visits_per_week < 3 then '1_to_2'
              when visits_per_week < 6 then '3_to_5' when visits_per_week >= 6 then '6_or_more' end
  from everybody where is_courier
),
frame as (
  select f.*, w.wave_code
  from clean.population_frame as f
  join ref.waves as w on w.area_code = f.area_code and f.as_of <= w.closed_on and w.population_code = 'attached'
  qualify f.as_of = max(f.as_of) over (partition by w.wave_code)
),
framed as (
  select wave_code, 'user_group' as variable_code, user_group_code as value_code, sum(n_persons) as n_frame
  from frame group by wave_code, user_group_code
  union all
  select wave_code, 'platform', platform_code, sum(n_persons) from frame group by wave_code, platform_code
  union all
  select wave_code, 'employment_type', employment_type_code, sum(n_persons) from frame group by wave_code, employment_type_code
),
counted as (
  select wave_code, variable_code, coalesce(value_code, 'unknown') as value_code, count(*) as n, round(sum(weight), 6) as w
  from values_ group by wave_code, variable_code, coalesce(value_code, 'unknown')
)
select w.wave_code,
       w.area_code,
       w.period_code,
       coalesce(c.variable_code, f.variable_code) as variable_code,
       coalesce(c.value_code, f.value_code) as value_code,
       coalesce(c.n, 0) as n,
       c.w,
       f.n_frame
from counted as c
full join framed as f on f.wave_code = c.wave_code and f.variable_code = c.variable_code and f.value_code = c.value_code
join ref.waves as w on w.wave_code = coalesce(c.wave_code, f.wave_code)
