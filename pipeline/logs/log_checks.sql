-- Every raw row with its local time, and whether it counts. Grain: one row per raw row (said_no, source_row).
-- x_fault: log_reasons; what is wrong with the texts of a row stands in log_said. A time as machines write it
-- (`2023-05-14 08:03:01`: what it is cast to is written the same) is read here, others in log_odd_times.
with plain as (
  select
    r.said_no, r.source_row, r.person_no, r.event_id,
    case
      when length(r.used_at) = 19 and cast(try_cast(r.used_at as timestamp) as varchar) = r.used_at
        then try_cast(r.used_at as timestamp)
    end as written_at
  from raw_log as r
),
timed as (
  select
    p.said_no, p.source_row, p.person_no, p.event_id,
    s.is_good as is_said_well, s.is_blanked, s.earliest_at, s.now_at, s.opened_at,
    case
      when p.written_at is null then o.used_at
      when s.shift_minutes = 0 then p.written_at
      else p.written_at + s.shift_minutes * interval '1 minute'
    end as local_at,
    p.written_at is not null or coalesce(o.is_said, false) as has_time,
    coalesce(o.is_day_read, false) as is_day_read,
    case when s.needs_event_id and p.event_id is null then 1 else 0 end as event_id_fault,
    case when s.needs_person and p.person_no is null then 1 else 0 end as person_fault
  from plain as p
  join log_said as s on s.said_no = p.said_no
  left join log_odd_times as o on o.said_no = p.said_no and o.source_row = p.source_row
),
judged as (
  select
    t.*,
    case
      when not t.has_time then 1
      when t.local_at is null then case when t.is_day_read then 0 else 5 end
      when t.local_at < t.earliest_at then 4
      when t.local_at >= t.now_at then 6
      when t.local_at < t.opened_at then 7
      else 0
    end as used_at_fault,
    case when t.has_time and t.local_at is null and t.is_day_read then 5 else 0 end as used_time_fault
  from timed as t
)
select
  j.said_no, j.source_row, j.person_no, j.event_id, j.local_at, date_trunc('month', j.local_at) as month_at,
  j.used_at_fault, j.used_time_fault, j.event_id_fault, j.person_fault,
  j.is_said_well and j.used_at_fault + j.used_time_fault + j.event_id_fault + j.person_fault = 0 as is_good,
  j.is_blanked
from judged as j
