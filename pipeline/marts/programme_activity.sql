-- Question: what did the programme around the stations do in the quarter?
-- Grain: one row per area, quarter and measure with any record.
-- Units: as the measure says: records, persons, items or visits within the quarter; stocks (depots, pairings, offers,
-- building leads) as of its end. A measure without a record is absent, not zero.
with dated as (
  select area_code, held_on as day_on, 'partnership_actions' as measure_code, 1 as n from clean.partnership_actions
  union all
  select area_code, held_on, 'partnership_beneficiaries', n_persons from clean.partnership_actions
  union all
  select area_code, held_on, 'partnership_' || content_code, 1 from clean.partnership_actions
  union all
  select area_code, opened_month_on, 'cases_opened', 1 from clean.cases
  union all
  select area_code, closed_month_on, 'cases_closed', 1 from clean.cases
  union all
  select area_code, held_on, 'activity_days', 1 from clean.activity_days
  union all
  select area_code, held_on, 'activity_items', n_items from clean.activity_days
  union all
  select area_code, held_on, 'activity_visits', n_visits from clean.activity_days
  union all
  select area_code, cast(raised_at as date), 'contacts_raised', 1 from clean.contact_events
  union all
  select area_code, cast(closed_at as date), 'contacts_closed', 1 from clean.contact_events
  union all
  select area_code, month_on, 'suggestions', 1 from clean.suggestions
  union all
  select area_code, month_on, 'suggestions_' || status_code, 1 from clean.suggestions
),
flows as (
  select area_code, year(day_on) || 'Q' || quarter(day_on) as period_code, measure_code, sum(n) as n
  from dated where day_on is not null and n is not null
  group by area_code, year(day_on) || 'Q' || quarter(day_on), measure_code
),
covered as (  -- how each depot was covered when last listed
  select d.depot_id, p.area_code, p.period_code, arg_max(d.mode_code, d.as_of) as mode_code
  from mart.periods as p
  join clean.depot_coverage as d on d.area_code = p.area_code and d.as_of <= p.ends_on
  group by d.depot_id, p.area_code, p.period_code
),
stocks as (
  select p.area_code, p.period_code, 'partnerships' as measure_code, count(*) as n
  from mart.periods as p
  join clean.partnerships as x on x.area_code = p.area_code and x.started_on <= p.ends_on and coalesce(x.ended_on, p.ends_on) >= p.ends_on
  group by p.area_code, p.period_code
  union all
  select p.area_code, p.period_code, 'partner_offers', count(*)
  from mart.periods as p
  join clean.partner_offers as x on x.area_code = p.area_code and x.valid_from <= p.last_on and coalesce(x.valid_to, p.last_on) >= p.last_on
  group by p.area_code, p.period_code
  union all
  select area_code, period_code, 'depots_listed', count(*) from covered group by area_code, period_code
  union all
  select area_code, period_code, 'depots_' || mode_code, count(*) from covered group by area_code, period_code, mode_code
  union all
  select p.area_code, p.period_code, 'buildings_with_lead', count(distinct b.building_id)
  from mart.periods as p
  join clean.building_leads as b on b.area_code = p.area_code and coalesce(b.since_on, p.ends_on) <= p.ends_on
  group by p.area_code, p.period_code
)
select area_code, period_code, measure_code, cast(n as bigint) as n, 'flow' as kind from flows
union all
select area_code, period_code, measure_code, cast(n as bigint), 'stock' from stocks
