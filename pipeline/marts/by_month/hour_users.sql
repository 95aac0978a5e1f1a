-- Question: how many different people come at each hour of the day, on working days and at weekends?
-- Grain: one row per area, month, kind of record, user group, weekend or not, and hour of day with any event.
-- Units: visits (人次); n_keys distinct pseudonyms in the month. Saturdays and Sundays are the weekend.
with placed as (
  select
    k.area_code, cast(date_trunc('month', k.used_at) as date) as month_on, k.event_kind_code, k.user_group_code, k.courier_no,
    k.n_visits,
    k.used_at >= date_trunc('week', k.used_at) + interval '5 days' as is_weekend,
    cast(extract(hour from k.used_at) as integer) as hour
  from log_kept as k
)
select
  p.area_code, p.month_on, p.event_kind_code, p.user_group_code, p.is_weekend, p.hour,
  cast(sum(p.n_visits) as bigint) as n_visits,
  count(distinct p.courier_no) as n_keys
from placed as p
group by p.area_code, p.month_on, p.event_kind_code, p.user_group_code, p.is_weekend, p.hour
