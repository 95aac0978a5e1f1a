-- Question: what does each station promise, declare and show when it is checked?
-- Grain: one row per station, quarter and service (every service of the codebook).
-- Units: yes / no / not known (empty), as of the last day of the quarter with evidence (mart.periods.last_on).
-- is_promised: promised in the area then; empty when no promise of the area is recorded. is_offered: the ledger's tick.
-- is_working: the last check so far (met or partly: yes; not met: no), else what the ledger says. n_checks and
-- share_checks_met: checks within the quarter, met among those with a known result.
with grid as (
  select s.station_id, s.area_code, p.period_code, p.starts_on, p.last_on, v.service_code
  from mart.periods as p
  join clean.stations as s on s.area_code = p.area_code and coalesce(s.opened_on, p.last_on) <= p.last_on
  cross join ref.services as v
),
promised as (
  select p.area_code, p.period_code, r.service_code
  from mart.periods as p
  join ref.service_promises as r
    on r.area_code = p.area_code and r.valid_from <= p.last_on and coalesce(r.valid_to, p.last_on) >= p.last_on
  group by p.area_code, p.period_code, r.service_code
),
offers as (
  select o.station_id, o.service_code, p.period_code
  from mart.periods as p
  join clean.partner_offers as o
    on o.area_code = p.area_code and o.valid_from <= p.last_on and coalesce(o.valid_to, p.last_on) >= p.last_on
  group by o.station_id, o.service_code, p.period_code
),
checks as (
  select g.station_id, g.period_code, g.service_code,
         count(*) filter (where c.checked_on >= g.starts_on) as n_checks,
         count(*) filter (where c.checked_on >= g.starts_on and c.status_code <> 'unknown') as n_known,
         count(*) filter (where c.checked_on >= g.starts_on and c.status_code = 'met') as n_met,
         max(c.checked_on) as last_checked_on,
         arg_max(c.status_code, c.checked_on) filter (where c.status_code <> 'unknown') as last_status_code
  from grid as g
  join clean.service_checks as c
    on c.station_id = g.station_id and c.service_code = g.service_code and c.checked_on <= g.last_on
  group by g.station_id, g.period_code, g.service_code
),
valid as (
  select distinct p.period_code, h.station_id, h.weekday, h.opens_minute, h.closes_minute
  from mart.periods as p
  join clean.station_hours as h
    on h.area_code = p.area_code and h.valid_from <= p.last_on and coalesce(h.valid_to, p.last_on) >= p.last_on
),
hours as (  -- staffed and scan-in hours may overlap: each interval adds what reaches beyond those before it
  select station_id, period_code, sum(greatest(closes_minute - greatest(opens_minute, reached), 0)) as minutes
  from (
    select *, coalesce(max(closes_minute) over (partition by period_code, station_id, weekday
              order by opens_minute, closes_minute rows between unbounded preceding and 1 preceding), 0) as reached
    from valid)
  group by station_id, period_code
)
select g.station_id,
       g.area_code,
       g.period_code,
       g.service_code,
       case when exists (select 1 from promised as a where a.area_code = g.area_code and a.period_code = g.period_code)
            then r.service_code is not null end as is_promised,
       d.is_offered,
       f.service_code is not null as has_partner_offer,
       coalesce(case when c.last_status_code is not null then c.last_status_code in ('met', 'partly') end,
                d.is_working) as is_working,
       c.n_met / nullif(c.n_known, 0) as share_checks_met,
       coalesce(c.n_checks, 0) as n_checks,
       c.last_checked_on,
       d.capacity_per_hour,
       cast(h.minutes as integer) as open_minutes_per_week
from grid as g
left join promised as r on r.area_code = g.area_code and r.period_code = g.period_code and r.service_code = g.service_code
left join offers as f on f.station_id = g.station_id and f.service_code = g.service_code and f.period_code = g.period_code
left join clean.station_services as d
  on d.station_id = g.station_id and d.service_code = g.service_code
 and d.valid_from <= g.last_on and coalesce(d.valid_to, g.last_on) >= g.last_on
left join checks as c on c.station_id = g.station_id and c.period_code = g.period_code and c.service_code = g.service_code
left join hours as h on h.station_id = g.station_id and h.period_code = g.period_code
