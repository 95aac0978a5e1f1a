-- Question: what is there to know about each station in the quarter?
-- Grain: one row per station open by the last day of the quarter with evidence.
-- Units: services, minutes a week, visits (人次; kind of record in mart.visit_grains), n_keys distinct couriers and riders in
-- the largest month; visits are empty for a station that no log mentions. Standards and working
-- services by the last check so far, empty when none was made. n_respondents: valid respondents naming the station (wave of mart.period_waves).
with supply as (
  select station_id, period_code, count(*) filter (where is_offered) as n_services_offered,
         count(*) filter (where is_offered and is_working) as n_services_working, count(is_offered) as n_known,
         count(*) filter (where is_offered and is_working is not null) as n_checked, max(open_minutes_per_week) as open_minutes_per_week
  from mart.service_supply group by station_id, period_code
),
used as (
  select station_id, period_code, max(n_keys) as n_keys, sum(n_visits) as n_visits
  from (
    select e.station_id, year(g.month_on) || 'Q' || quarter(g.month_on) as period_code, g.month_on,
           count(distinct e.courier_no) filter (where e.user_group_code in ('courier', 'rider')) as n_keys,
           sum(e.n_visits) as n_visits
    from mart.service_users as e
    join mart.visit_grains as g
      on g.station_id = e.station_id and g.month_on = e.month_on and g.event_kind_code = e.event_kind_code
    group by e.station_id, g.month_on)
  group by station_id, period_code
),
standards as (
  select station_id, period_code, count(*) filter (where status_code = 'met') as n_met
  from (
    select c.station_id, p.period_code, c.standard_code, arg_max(c.status_code, c.checked_on) as status_code
    from clean.standard_checks as c
    join mart.periods as p on p.area_code = c.area_code and c.checked_on <= p.last_on
    group by c.station_id, p.period_code, c.standard_code)
  group by station_id, period_code
),
named as (
  select w.period_code, v.station_id, count(*) as n
  from mart.period_waves as w
  join clean.valid_respondents as v on v.wave_code = w.wave_code
  where v.station_id is not null
  group by w.period_code, v.station_id
)
select s.station_id,
       s.area_code,
       p.period_code,
       s.name,
       s.class_code,
       s.grid_id,
       s.lon,
       s.lat,
       case when y.n_known > 0 then y.n_services_offered end as n_services_offered,
       case when y.n_checked > 0 then y.n_services_working end as n_services_working,
       y.open_minutes_per_week,
       cast(u.n_visits as bigint) as n_visits,
       u.n_keys,
       k.n_met as n_standards_met,
       w.wave_code,
       w.population_code,
       case when w.wave_code is not null then coalesce(n.n, 0) end as n_respondents
from mart.periods as p
join clean.stations as s on s.area_code = p.area_code and coalesce(s.opened_on, p.last_on) <= p.last_on
left join supply as y on y.station_id = s.station_id and y.period_code = p.period_code
left join used as u on u.station_id = s.station_id and u.period_code = p.period_code
left join standards as k on k.station_id = s.station_id and k.period_code = p.period_code
left join named as n on n.station_id = s.station_id and n.period_code = p.period_code
left join mart.period_waves as w on w.area_code = p.area_code and w.period_code = p.period_code
