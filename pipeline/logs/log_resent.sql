-- Rows that name neither an id nor a person, sent again in another file: the n-th row of some content in one file answers
-- the n-th row of the same content in the other. Within one file such rows stay: two people may come in one minute.
-- A row without a time of day is never matched. Grain: one row per row sent again and the one kept.
with named_by_nobody as (
  select s.*
  from log_stored as s
  where s.courier_no is null and s.event_id is null and s.used_at <> date_trunc('day', s.used_at)
),
-- only what stands in more than one file at the same time and place can have been sent again
shared as (
  select n.source_code, n.area_code, n.station_id, n.used_at
  from named_by_nobody as n
  group by n.source_code, n.area_code, n.station_id, n.used_at
  having min(n.source_file_id) <> max(n.source_file_id)
),
anonymous as (
  select
    s.*,
    row_number() over (
      partition by s.source_code, s.area_code, s.source_file_id, s.station_id, s.used_at, s.service_code, s.event_kind_code,
        s.outcome_code, s.user_group_code, s.n_visits, s.n_persons, s.duration_minutes
      order by s.source_sheet, s.source_row
    ) as occurrence
  from named_by_nobody as s
  join shared as h
    on h.source_code = s.source_code and h.area_code = s.area_code and h.station_id = s.station_id and h.used_at = s.used_at
),
ranked as (
  select
    a.*,
    row_number() over (
      partition by a.source_code, a.area_code, a.station_id, a.used_at, a.service_code, a.event_kind_code,
        a.outcome_code, a.user_group_code, a.n_visits, a.n_persons, a.duration_minutes, a.occurrence
      order by a.source_file_id
    ) as nth
  from anonymous as a
)
select
  d.source_file_id, d.source_sheet, d.source_row, d.used_at,
  k.source_file_id as kept_file_id, k.source_sheet as kept_sheet, k.source_row as kept_source_row,
  'resent_batch' as reason_code
from ranked as d
join ranked as k
  on k.source_code = d.source_code and k.area_code = d.area_code and k.station_id = d.station_id and k.used_at = d.used_at
  and coalesce(k.service_code, '') = coalesce(d.service_code, '') and k.event_kind_code = d.event_kind_code
  and k.outcome_code = d.outcome_code and k.user_group_code = d.user_group_code and k.n_visits = d.n_visits
  and coalesce(k.n_persons, -1) = coalesce(d.n_persons, -1)
  and coalesce(k.duration_minutes, -1) = coalesce(d.duration_minutes, -1)
  and k.occurrence = d.occurrence and k.nth = 1
where d.nth > 1
