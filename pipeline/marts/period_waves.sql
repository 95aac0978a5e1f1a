-- Question: which survey wave speaks for this quarter where one must be chosen?
-- Grain: one row per area and quarter with a wave that closed in it.
-- Units: respondents. Waves have different populations and are never pooled: the one with the most valid couriers and
-- riders speaks, the later one of two equals.
select w.area_code,
       w.period_code,
       w.wave_code,
       w.population_code,
       count(v.respondent_id) as n_respondents
from ref.waves as w
left join clean.valid_respondents as v on v.wave_code = w.wave_code
group by w.area_code, w.period_code, w.wave_code, w.population_code, w.closed_on
qualify row_number() over (
  partition by w.area_code, w.period_code order by count(v.respondent_id) desc, w.closed_on desc, w.wave_code) = 1
