-- Question: at which step do couriers drop out, from hearing of a station to coming back?
-- Grain: one row per wave and step (aware, found, open, entered, served, returned).
-- Units: valid couriers and riders; n said yes (w their weights) of n_asked (w_asked) who answered that question. A step
-- asked only of those who passed the one before has a smaller n_asked: shares of steps are shares of those asked.
with steps as (
  select unnest(['aware', 'found', 'open', 'entered', 'served', 'returned']) as step_code, unnest(range(1, 7)) as sort_order
),
single as (  -- one yes/no question per step
  select a.wave_code, a.respondent_id, q.variable_code as step_code, coalesce(o.value_code, a.value_text) = 'yes' as is_yes
  from clean.answers as a
  join ref.questions as q on q.wave_code = a.wave_code and q.question_code = a.question_code
  join steps as t on t.step_code = q.variable_code
  left join ref.options as o
    on o.wave_code = a.wave_code and o.question_code = a.question_code and o.item_code = a.item_code and o.option_code = a.value_text
  where a.state = 'answered' and q.type_code = 'single'
),
multiple as (  -- or one multiple-answer question whose options are the steps
  select a.wave_code, a.respondent_id, o.value_code as step_code, a.value_number = 1 as is_yes
  from clean.answers as a
  join ref.questions as q on q.wave_code = a.wave_code and q.question_code = a.question_code
  join ref.options as o
    on o.wave_code = a.wave_code and o.question_code = a.question_code and o.item_code = a.item_code and o.option_code = a.option_code
  join steps as t on t.step_code = o.value_code
  where a.state = 'answered' and q.type_code = 'multiple'
),
answered as (select * from single union all select * from multiple)
select v.wave_code,
       v.area_code,
       v.period_code,
       v.population_code,
       t.step_code,
       cast(t.sort_order as integer) as sort_order,
       v.weight_set_code,
       count(*) as n_asked,
       count(*) filter (where a.is_yes) as n,
       round(sum(v.weight), 6) as w_asked,
       round(coalesce(sum(v.weight) filter (where a.is_yes), 0), 6) as w
from answered as a
join clean.valid_respondents as v on v.wave_code = a.wave_code and v.respondent_id = a.respondent_id
join steps as t on t.step_code = a.step_code
group by v.wave_code, v.area_code, v.period_code, v.population_code, t.step_code, t.sort_order, v.weight_set_code
