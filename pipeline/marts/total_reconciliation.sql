-- Question: do the figures in public statements agree with what the files hold?
-- Grain: one row per area, measure and date of a published figure.
-- Units: as the measure says. counted is empty for a measure these files cannot count. agrees: equal; more; less; or within
-- a tenth (approx). difference = counted - published: a difference of definition or date (口径或时点差异), not an error.
with heads as (  -- the latest count of couriers
  select area_code, sum(n_persons) as n from clean.population_frame
  where as_of in (select max(l.as_of) from clean.population_frame as l where l.area_code = population_frame.area_code)
  group by area_code
),
counted as (
  select area_code, 'stations' as measure_code, count(*) as n from clean.stations group by area_code
  union all
  select area_code, 'stations_' || class_code, count(*) from clean.stations group by area_code, class_code
  union all
  select area_code, 'buildings', count(*) from clean.buildings group by area_code
  union all
  select area_code, 'workers', sum(n_workers) from clean.buildings group by area_code
  union all
  select area_code, 'couriers', n from heads
  union all
  select area_code, 'depots', count(*) from clean.depots group by area_code
  union all
  select area_code, 'first_building_leads', count(distinct building_id) from clean.building_leads where tier_code = 'first' group by area_code
  union all
  select area_code, 'promised_services', count(distinct service_code) from ref.service_promises group by area_code
)
select p.area_code,
       p.measure_code,
       p.value as published,
       p.qualifier,
       cast(c.n as double) as counted,
       case p.qualifier when 'eq' then c.n = p.value when 'gt' then c.n > p.value when 'lt' then c.n < p.value
            else abs(c.n - p.value) <= 0.1 * p.value end as agrees,
       cast(c.n - p.value as double) as difference,
       p.label_zh,
       p.label_en,
       p.source,
       p.as_of
from ref.published_totals as p
left join counted as c on c.area_code = p.area_code and c.measure_code = p.measure_code
