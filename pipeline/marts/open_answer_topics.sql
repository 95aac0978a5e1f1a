-- Question: what do couriers write in their own words, and about what?
-- Grain: one row per wave, area, question and topic; answers without a topic are a row of their own (uncoded).
-- Units: valid respondents (couriers and riders). n_respondents named the topic; one may name several, so they do not add
-- up. n_answered wrote anything to the question. quotes: released sentences, one a line; empty where none was released.
with written as (
  select t.wave_code, t.area_code, v.period_code, v.population_code, t.question_code, t.topic_code, t.respondent_id
  from clean.answer_topics as t
  join clean.valid_respondents as v on v.wave_code = t.wave_code and v.respondent_id = t.respondent_id
),
answered as (
  select wave_code, area_code, question_code, count(distinct respondent_id) as n_answered
  from written group by wave_code, area_code, question_code
),
released as (
  select wave_code, area_code, question_code, topic_code, string_agg(quote, chr(10) order by quote) as quotes
  from clean.released_quotes group by wave_code, area_code, question_code, topic_code
)
select w.wave_code, w.area_code, w.period_code, w.population_code, w.question_code, w.topic_code,
       count(distinct w.respondent_id) as n_respondents,
       any_value(a.n_answered) as n_answered,
       any_value(r.quotes) as quotes
from written as w
join answered as a using (wave_code, area_code, question_code)
left join released as r using (wave_code, area_code, question_code, topic_code)
group by w.wave_code, w.area_code, w.period_code, w.population_code, w.question_code, w.topic_code
