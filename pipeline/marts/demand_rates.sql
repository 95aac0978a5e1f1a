-- Question: how often is each service asked for in an open hour while it is to be had?
-- Grain: one row per station, quarter and service in mart.demand_days.
-- Units: days, open hours, visits (人次) in open hours per open hour; all over the days that a log covers. n_days_untimed: sold
-- out, from when is not known. recorded_per_open_hour: all that is recorded, failed requests too; served_per_open_hour: served.
-- visits_per_open_hour_until_stock_out: visits before / open hours before the first stock-out of each day; a day sold out
-- without a time counts whole. visits_per_open_hour_at_least: the larger of recorded and until stock-out; the demand that
-- leaves a record is not less. demand_basis_code: until_stock_out; uncensored: never sold out; at_least: some days without a time;
-- at_least_capacity: sold out without a time on four days of five or more: what is recorded is what was there to give, and
-- no rate until stock-out is given; never_available: no open hour in stock; hours_unknown; no_log.
with limits as (select 0.8 as untimed_share),  -- the rule demand_at_least_capacity (metadata/expectations) holds it to the same
counted as (
  select d.station_id, d.area_code, d.period_code, d.service_code,
         count(*) filter (where d.n_visits is not null) as n_days,
         count(*) filter (where d.n_visits is not null and d.is_sold_out) as n_days_sold_out,
         count(*) filter (where d.n_visits is not null and d.is_sold_out and not d.is_stock_out_timed) as n_days_untimed,
         cast(sum(d.n_visits) as bigint) as n_visits,
         cast(sum(d.n_stocked_out) as bigint) as n_stocked_out,
         sum(d.n_visits_open) as n_visits_open,
         sum(d.n_served_open) as n_served_open,
         sum(d.open_minutes) filter (where d.n_visits is not null) as minutes,
         sum(coalesce(d.n_visits_until_stock_out, d.n_visits_open)) as n_until,
         sum(coalesce(d.minutes_until_stock_out, d.open_minutes)) filter (where d.n_visits is not null) as minutes_until
  from mart.demand_days as d
  group by d.station_id, d.area_code, d.period_code, d.service_code
),
judged as (
  select c.*,
         case when c.n_days = 0 then 'no_log'
              when c.minutes is null then 'hours_unknown'
              when c.n_days_untimed >= l.untimed_share * c.n_days then 'at_least_capacity'
              when c.minutes_until = 0 then 'never_available'
              when c.n_days_untimed > 0 then 'at_least'
              when c.n_days_sold_out > 0 then 'until_stock_out'
              else 'uncensored' end as demand_basis_code
  from counted as c cross join limits as l
)
select station_id,
       area_code,
       period_code,
       service_code,
       n_days,
       n_days_sold_out,
       n_days_untimed,
       n_days_sold_out / nullif(n_days, 0) as share_days_sold_out,
       n_visits,
       n_stocked_out,
       minutes / 60.0 as open_hours,
       n_visits_open / nullif(minutes / 60.0, 0) as recorded_per_open_hour,
       n_served_open / nullif(minutes / 60.0, 0) as served_per_open_hour,
       cast(n_until as bigint) as n_visits_until_stock_out,
       minutes_until / 60.0 as hours_until_stock_out,
       rate_until as visits_per_open_hour_until_stock_out,
       greatest(n_visits_open / nullif(minutes / 60.0, 0), rate_until) as visits_per_open_hour_at_least,
       demand_basis_code = 'at_least_capacity' as is_at_least_capacity,
       demand_basis_code
from (
  select *,
         case when demand_basis_code in ('until_stock_out', 'uncensored', 'at_least') then n_until / nullif(minutes_until / 60.0, 0) end
           as rate_until
  from judged)
