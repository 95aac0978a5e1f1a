-- The same person at the same station for the same service again within the source's window (a door scanned twice, a
-- row entered twice, a batch sent again under new ids). A row without a person is never taken for somebody else's.
-- Grain: one row per repeated use and the first of its run, which is kept. Reads what log_same_ids has left.
with left_over as (
  select s.*
  from log_stored as s
  left join log_same_ids as i
    on i.source_file_id = s.source_file_id and i.source_sheet = s.source_sheet and i.source_row = s.source_row
  where i.source_file_id is null and s.courier_key is not null
),
marked as (
  select
    o.*,
    lag(o.used_at) over (
      partition by o.source_code, o.area_code, o.station_id, o.courier_key, o.service_code, o.event_kind_code, o.outcome_code
      order by o.used_at, o.source_file_id, o.source_sheet, o.source_row
    ) as before_at
  from left_over as o
),
runs as (
  select
    m.*,
    sum(case when m.before_at is null or m.used_at > m.before_at + m.window_seconds * interval '1 second' then 1 else 0 end) over (
      partition by m.source_code, m.area_code, m.station_id, m.courier_key, m.service_code, m.event_kind_code, m.outcome_code
      order by m.used_at, m.source_file_id, m.source_sheet, m.source_row
      rows between unbounded preceding and current row
    ) as run
  from marked as m
),
ranked as (
  select
    r.*,
    row_number() over (
      partition by r.source_code, r.area_code, r.station_id, r.courier_key, r.service_code, r.event_kind_code, r.outcome_code, r.run
      order by r.used_at, r.source_file_id, r.source_sheet, r.source_row
    ) as nth
  from runs as r
)
select
  d.source_file_id, d.source_sheet, d.source_row,
  k.source_file_id as kept_file_id, k.source_sheet as kept_sheet, k.source_row as kept_source_row,
  case
    when d.used_at <> k.used_at then 'repeated_scan'
    when d.source_file_id <> k.source_file_id then 'resent_batch'
    else 'duplicate_row'
  end as reason_code
from ranked as d
join ranked as k
  on k.source_code = d.source_code and k.area_code = d.area_code and k.station_id = d.station_id
  and k.courier_key = d.courier_key and coalesce(k.service_code, '') = coalesce(d.service_code, '')
  and k.event_kind_code = d.event_kind_code and k.outcome_code = d.outcome_code and k.run = d.run and k.nth = 1
where d.nth > 1
