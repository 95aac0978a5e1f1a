-- Question: does what a station declares agree with what is used there and what couriers say they need?
-- Grain: one row per station, quarter and service (every service of the codebook).
-- Units: declared: yes / no / not known (mart.service_supply). Used: visits (人次) of records that name the service, all
-- user groups (n_visits_couriers: couriers and riders), n_keys distinct couriers and riders in the largest month; empty
-- when no log of the station names services in the quarter, 0 when one does but never this one. Hours: within the days
-- the logs cover. Facilities and maps: as last looked at by mart.periods.last_on; n_facilities counts those of which it is
-- known whether they work; empty when none of the service was ever listed. Needed: valid respondents of the wave in mart.period_waves who name this station; empty when none.
with logged as (
  select station_id, year(month_on) || 'Q' || quarter(month_on) as period_code
  from mart.visit_grains where is_service_logged
  group by station_id, year(month_on) || 'Q' || quarter(month_on)
),
used as (
  select station_id, period_code, service_code, sum(n_visits) as n_visits,
         coalesce(sum(n_visits) filter (where user_group_code in ('courier', 'rider')), 0) as n_visits_couriers,
         sum(n_served) as n_served, sum(n_stocked_out) as n_stocked_out, sum(n_closed) as n_closed, sum(n_refused) as n_refused
  from mart.service_use where service_code <> ''
  group by station_id, period_code, service_code
),
keys as (
  select station_id, period_code, service_code, max(n) as n_keys
  from (
    select station_id, service_code, year(month_on) || 'Q' || quarter(month_on) as period_code, month_on,
           count(distinct courier_no) filter (where user_group_code in ('courier', 'rider')) as n
    from mart.service_users where service_code <> ''
    group by all)
  group by station_id, period_code, service_code
),
hours as (
  select station_id, period_code, sum(open_minutes) / 60.0 as open_hours
  from mart.station_days group by station_id, period_code
),
short as (
  select station_id, period_code, service_code, sum(stock_out_minutes) / 60.0 as stock_out_hours
  from mart.stock_out_days group by station_id, period_code, service_code),
facilities as (
  select period_code, station_id, service_code, sum(n) as n_facilities, sum(n_working) as n_facilities_working,
         max(checked_on) as facilities_checked_on
  from (
    select p.period_code, f.station_id, f.service_code, f.n, f.n_working, f.checked_on
    from mart.periods as p
    join clean.facilities as f on f.area_code = p.area_code and f.checked_on <= p.last_on
    where f.service_code is not null and f.n is not null and f.n_working is not null
    qualify dense_rank() over (partition by p.period_code, f.station_id, f.facility_code order by f.checked_on desc) = 1)
  group by period_code, station_id, service_code
),
maps as (
  select period_code, station_id, bool_or(is_listed) as is_map_listed
  from (
    select p.period_code, m.station_id, m.is_listed
    from mart.periods as p
    join clean.map_listings as m on m.area_code = p.area_code and m.checked_on <= p.last_on
    where m.is_listed is not null
    qualify dense_rank() over (partition by p.period_code, m.station_id, m.map_code order by m.checked_on desc) = 1)
  group by period_code, station_id
),
needed as (
  select w.area_code, w.period_code, v.station_id, n.service_code,
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
  where v.station_id is not null
  group by w.area_code, w.period_code, v.station_id, n.service_code
)
select d.station_id,
       d.area_code,
       s.grid_id,
       s.class_code,
       d.period_code,
       d.service_code,
       d.is_promised,
       d.is_offered,
       d.has_partner_offer,
       d.is_working,
       d.n_checks,
       d.share_checks_met,
       cast(f.n_facilities as integer) as n_facilities,
       cast(f.n_facilities_working as integer) as n_facilities_working,
       f.facilities_checked_on,
       m.is_map_listed,
       cast(case when l.station_id is not null then coalesce(u.n_visits, 0) end as bigint) as n_visits,
       cast(case when l.station_id is not null then coalesce(u.n_visits_couriers, 0) end as bigint) as n_visits_couriers,
       case when l.station_id is not null then coalesce(k.n_keys, 0) end as n_keys,
       cast(case when l.station_id is not null then coalesce(u.n_served, 0) end as bigint) as n_served,
       cast(case when l.station_id is not null then coalesce(u.n_stocked_out, 0) end as bigint) as n_stocked_out,
       cast(case when l.station_id is not null then coalesce(u.n_closed, 0) end as bigint) as n_closed,
       cast(case when l.station_id is not null then coalesce(u.n_refused, 0) end as bigint) as n_refused,
       h.open_hours,
       case when h.open_hours is not null then coalesce(x.stock_out_hours, 0) end as stock_out_hours,
       case when l.station_id is not null then coalesce(u.n_visits, 0) / nullif(h.open_hours, 0) end as visits_per_open_hour,
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
from mart.service_supply as d
join clean.stations as s on s.station_id = d.station_id
left join logged as l on l.station_id = d.station_id and l.period_code = d.period_code
left join used as u on u.station_id = d.station_id and u.period_code = d.period_code and u.service_code = d.service_code
left join keys as k on k.station_id = d.station_id and k.period_code = d.period_code and k.service_code = d.service_code
left join hours as h on h.station_id = d.station_id and h.period_code = d.period_code
left join short as x on x.station_id = d.station_id and x.period_code = d.period_code and x.service_code = d.service_code
left join facilities as f on f.station_id = d.station_id and f.period_code = d.period_code and f.service_code = d.service_code
left join maps as m on m.station_id = d.station_id and m.period_code = d.period_code
left join needed as n
  on n.station_id = d.station_id and n.area_code = d.area_code and n.period_code = d.period_code and n.service_code = d.service_code
left join mart.period_waves as w on w.area_code = d.area_code and w.period_code = d.period_code
