-- The same person at the same station for the same service again within the source's window (a door scanned twice, a
-- row entered twice, a batch sent again under new ids). A row without a person is never taken for somebody else's.
-- Grain: one row per repeated use and the first of its run, which is kept. Reads what log_same_ids has left.
with beside as (
  select
    s.courier_no, s.used_at, s.window_seconds,
    lag(s.used_at) over (partition by s.courier_no order by s.used_at) as came_before_at,
    lead(s.used_at) over (partition by s.courier_no order by s.used_at) as comes_next_at
  from log_stored as s
  where s.courier_no is not null
),
-- only who comes twice within the window, wherever and whatever for, can be a repeat: all that follows is for these few
soon as (
  select distinct b.courier_no, b.used_at
  from beside as b
  where b.used_at <= b.came_before_at + b.window_seconds * interval '1 second'
    or b.comes_next_at <= b.used_at + b.window_seconds * interval '1 second'
),
near as (
  select
    s.source_code, s.area_code, s.station_id, s.courier_no, s.event_kind_code, s.outcome_code, s.used_at, s.window_seconds,
    coalesce(s.service_code, '') as service_key, s.source_file_id, s.source_sheet, s.source_row
  from log_stored as s
  join soon as b on b.courier_no = s.courier_no and b.used_at = s.used_at
),
left_over as (
  select n.*
  from near as n
  left join log_same_ids as i
    on i.source_file_id = n.source_file_id and i.source_sheet = n.source_sheet and i.source_row = n.source_row
  where i.source_file_id is null
),
marked as (
  select
    o.*,
    lag(o.used_at) over (
      partition by o.source_code, o.area_code, o.station_id, o.courier_no, o.service_key, o.event_kind_code, o.outcome_code
      order by o.used_at, o.source_file_id, o.source_sheet, o.source_row
    ) as before_at
  from left_over as o
),
runs as (
  select
    m.*,
    sum(case when m.before_at is null or m.used_at > m.before_at + m.window_seconds * interval '1 second' then 1 else 0 end) over (
      partition by m.source_code, m.area_code, m.station_id, m.courier_no, m.service_key, m.event_kind_code, m.outcome_code
      order by m.used_at, m.source_file_id, m.source_sheet, m.source_row
      rows between unbounded preceding and current row
    ) as run
  from marked as m
),
ranked as (
  select
    r.*,
    row_number() over (
      partition by r.source_code, r.area_code, r.station_id, r.courier_no, r.service_key, r.event_kind_code, r.outcome_code, r.run
      order by r.used_at, r.source_file_id, r.source_sheet, r.source_row
    ) as nth
  from runs as r
)
select
  d.source_file_id, d.source_sheet, d.source_row, d.used_at,
  k.source_file_id as kept_file_id, k.source_sheet as kept_sheet, k.source_row as kept_source_row,
  case
    when d.used_at <> k.used_at then 'repeated_scan'
    when d.source_file_id <> k.source_file_id then 'resent_batch'
    else 'duplicate_row'
  end as reason_code
from ranked as d
join ranked as k
  on k.source_code = d.source_code and k.area_code = d.area_code and k.station_id = d.station_id
  and k.courier_no = d.courier_no and k.service_key = d.service_key
  and k.event_kind_code = d.event_kind_code and k.outcome_code = d.outcome_code and k.run = d.run and k.nth = 1
where d.nth > 1
