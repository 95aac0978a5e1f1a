-- Question: how many stations meet each of the seven standards by now?
-- Grain: one row per area, quarter, standard and station class.
-- Units: stations by their last check up to the last day of the quarter with evidence; n_not_checked: never checked.
-- n_stations = n_met + n_partly + n_not_met + n_unknown + n_not_checked.
with latest as (
  select c.station_id, p.period_code, c.standard_code, arg_max(c.status_code, c.checked_on) as status_code
  from clean.standard_checks as c
  join mart.periods as p on p.area_code = c.area_code and c.checked_on <= p.last_on
  group by c.station_id, p.period_code, c.standard_code
)
select p.area_code,
       p.period_code,
       t.standard_code,
       s.class_code,
       count(*) as n_stations,
       count(*) filter (where l.status_code = 'met') as n_met,
       count(*) filter (where l.status_code = 'partly') as n_partly,
       count(*) filter (where l.status_code = 'not_met') as n_not_met,
       count(*) filter (where l.status_code = 'unknown') as n_unknown,
       count(*) filter (where l.status_code is null) as n_not_checked
from mart.periods as p
join clean.stations as s on s.area_code = p.area_code and coalesce(s.opened_on, p.last_on) <= p.last_on
cross join ref.standards as t
left join latest as l on l.station_id = s.station_id and l.period_code = p.period_code and l.standard_code = t.standard_code
group by p.area_code, p.period_code, t.standard_code, s.class_code
