-- Every raw row with its local time, and whether it counts. Grain: one row per raw row (said_no, source_row).
-- x_fault: log_reasons; what is wrong with the texts of a row stands in log_said. A time that log_odd_times does not tell is
-- written plainly. time_fault: of the whole time, clock_fault: of the time of day alone.
with timed as (
  select
    r.said_no, r.source_row, r.person_no, r.event_id,
    s.is_good as is_said_well, s.is_blanked, s.earliest_at, s.now_at, s.opened_at,
    case
      when o.source_row is not null then o.used_at
      when s.shift_minutes = 0 then try_cast(r.used_at as timestamp)
      else try_cast(r.used_at as timestamp) + s.shift_minutes * interval '1 minute'
    end as local_at,
    coalesce(o.is_said, true) as has_time,
    coalesce(o.is_day_read, false) as is_day_read,
    case when s.needs_event_id and r.event_id is null then 1 else 0 end as event_id_fault,
    case when s.needs_person and r.person_no is null then 1 else 0 end as person_fault
  from raw_log as r
  join log_said as s on s.said_no = r.said_no
  left join log_odd_times as o on o.said_no = r.said_no and o.source_row = r.source_row
),
judged as (
  select
    t.*,
    case
      when t.local_at >= t.earliest_at and t.local_at < t.now_at then case when t.local_at < t.opened_at then 7 else 0 end
      when not t.has_time then 1
      when t.local_at is null then case when t.is_day_read then 0 else 5 end
      when t.local_at < t.earliest_at then 4
      else 6
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
