-- Question: how many different couriers and riders came in a month, in any union of areas and services, at any scale?
-- Grain: one row per area, month, kind of record, service ('' for a door scan) and rank: the 1,024 smallest pseudonyms.
-- Units: courier_no keyed pseudonyms as numbers, evenly spread below 2^60. Up to 1,024 different persons they are all there;
-- beyond, `distinct_from_smallest` (pipeline/analysis) tells their number with an error of about 3 %, also of unions of cells.
-- Source: Bar-Yossef et al. 2002, k minimum values. Keys rotate by month: never unite months.
with seen as (
  select distinct
    k.area_code, cast(date_trunc('month', k.used_at) as date) as month_on, k.event_kind_code,
    coalesce(k.service_code, '') as service_code, k.courier_no
  from log_kept as k
  where k.courier_no is not null and k.user_group_code in ('courier', 'rider')
),
ranked as (
  select
    s.*,
    row_number() over (
      partition by s.area_code, s.month_on, s.event_kind_code, s.service_code order by s.courier_no
    ) as nth
  from seen as s
)
select
  r.area_code,
  r.month_on,
  r.event_kind_code,
  r.service_code,
  cast(r.nth as integer) as nth,
  r.courier_no
from ranked as r
where r.nth <= 1024
