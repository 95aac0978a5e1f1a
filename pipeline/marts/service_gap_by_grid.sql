-- Question: where in the district are needs not met, and what is there to meet them?
-- Grain: one row per grid cell, quarter and service.
-- Units: stations standing in the cell, those that declare the service, and of these those that work by mart.service_supply; visits (人次) there, empty when no log of the cell's stations names services;
-- n_keys distinct couriers and riders in the largest month over the whole cell; respondents who work most in the cell
-- (wave of mart.period_waves), empty when there are none. Stations and answers without a cell are left out.
with cells as (
  select c.grid_id, c.area_code, p.period_code, v.service_code
  from clean.grids as c
  join mart.periods as p on p.area_code = c.area_code
  cross join ref.services as v
),
stations as (
  select grid_id, period_code, service_code, count(*) as n_stations,
         count(*) filter (where is_offered) as n_stations_offering,
         count(*) filter (where is_offered and is_working) as n_stations_working,
         sum(n_visits) as n_visits
  from mart.service_gap where grid_id is not null
  group by grid_id, period_code, service_code
),
keys as (
  select grid_id, period_code, service_code, max(n) as n_keys
  from (
    select s.grid_id, u.service_code, year(u.month_on) || 'Q' || quarter(u.month_on) as period_code, u.month_on,
           count(distinct u.courier_no) filter (where u.user_group_code in ('courier', 'rider')) as n
    from mart.service_users as u
    join clean.stations as s on s.station_id = u.station_id
    where u.service_code <> '' and s.grid_id is not null
    group by all)
  group by grid_id, period_code, service_code
),
needed as (
  select w.area_code, w.period_code, v.grid_id, n.service_code,
         count(*) as n_asked,
         count(*) filter (where n.is_needed) as n_need,
         count(*) filter (where n.is_needed and n.is_met_at_work is not null) as n_judged,
         count(*) filter (where n.is_needed and not n.is_met_at_work) as n_unmet,
         round(sum(v.weight), 6) as w_asked,
         round(coalesce(sum(v.weight) filter (where n.is_needed), 0), 6) as w_need,
         round(coalesce(sum(v.weight) filter (where n.is_needed and n.is_met_at_work is not null), 0), 6) as w_judged,
         round(coalesce(sum(v.weight) filter (where n.is_needed and not n.is_met_at_work), 0), 6) as w_unmet
  from mart.period_waves as w
  join clean.valid_respondents as v on v.wave_code = w.wave_code
  join clean.service_needs as n on n.wave_code = v.wave_code and n.respondent_id = v.respondent_id
  where v.grid_id is not null
  group by w.area_code, w.period_code, v.grid_id, n.service_code
)
select c.grid_id,
       c.area_code,
       c.period_code,
       c.service_code,
       coalesce(s.n_stations, 0) as n_stations,
       coalesce(s.n_stations_offering, 0) as n_stations_offering,
       coalesce(s.n_stations_working, 0) as n_stations_working,
       cast(s.n_visits as bigint) as n_visits,
       case when s.n_visits is not null then coalesce(k.n_keys, 0) end as n_keys,
       case when n.n_asked is not null then w.wave_code end as wave_code,
       case when n.n_asked is not null then w.population_code end as population_code,
       n.n_asked,
       n.n_need,
       n.n_judged,
       n.n_unmet,
       n.w_asked,
       n.w_need,
       n.w_judged,
       n.w_unmet
from cells as c
left join stations as s on s.grid_id = c.grid_id and s.period_code = c.period_code and s.service_code = c.service_code
left join keys as k on k.grid_id = c.grid_id and k.period_code = c.period_code and k.service_code = c.service_code
left join needed as n
  on n.grid_id = c.grid_id and n.area_code = c.area_code and n.period_code = c.period_code and n.service_code = c.service_code
left join mart.period_waves as w on w.area_code = c.area_code and w.period_code = c.period_code
