-- Question: which services do couriers and riders say they need, and which of those do they not get where they work?
-- Grain: one row per wave, user group ('courier', 'rider', and 'all' for both) and service that was asked about.
-- Units: respondents (n_) and sums of weights (w_) of valid respondents. n_judged: need it and also answered "I get it
-- where I work"; n_met + n_unmet = n_judged. A respondent who left the question blank is not in n_asked.
with answered as (
  select v.wave_code, v.area_code, v.period_code, v.population_code, v.user_group_code, v.weight_set_code, v.weight,
         n.service_code, n.is_needed, n.is_needed and n.is_met_at_work is not null as is_judged, n.is_met_at_work
  from clean.valid_respondents as v
  join clean.service_needs as n on n.wave_code = v.wave_code and n.respondent_id = v.respondent_id
)
select wave_code,
       area_code,
       period_code,
       population_code,
       coalesce(user_group_code, 'all') as user_group_code,
       service_code,
       weight_set_code,
       count(*) as n_asked,
       count(*) filter (where is_needed) as n_need,
       count(*) filter (where is_judged) as n_judged,
       count(*) filter (where is_judged and is_met_at_work) as n_met,
       count(*) filter (where is_judged and not is_met_at_work) as n_unmet,
       round(sum(weight), 6) as w_asked,
       round(coalesce(sum(weight) filter (where is_needed), 0), 6) as w_need,
       round(coalesce(sum(weight) filter (where is_judged), 0), 6) as w_judged,
       round(coalesce(sum(weight) filter (where is_judged and is_met_at_work), 0), 6) as w_met,
       round(coalesce(sum(weight) filter (where is_judged and not is_met_at_work), 0), 6) as w_unmet
from answered
group by grouping sets (
  (wave_code, area_code, period_code, population_code, service_code, weight_set_code, user_group_code),
  (wave_code, area_code, period_code, population_code, service_code, weight_set_code)
)
