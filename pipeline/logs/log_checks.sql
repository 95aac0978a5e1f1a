-- Every raw row with its time, its codes and numbers, and what is wrong with each of its columns, in one pass.
-- Grain: one row per raw row (sheet_no, source_row). x_fault: log_reasons; 0 nothing, below zero a surprise that counts as
-- blank. raw_log holds numbers for texts (…_no): what a text means was found once, for all rows that say it.
with plain as (
  select
    r.*,
    case
      when length(r.used_at) = 19 and cast(try_cast(r.used_at as timestamp) as varchar) = r.used_at
        then try_cast(r.used_at as timestamp)
    end as written_at
  from raw_log as r
),
timed as (
  select
    p.*, g.earliest_at, g.now_at, g.needs_event_id, g.needs_person,
    case
      when p.written_at is null then o.used_at
      when g.shift_minutes = 0 then p.written_at
      else p.written_at + g.shift_minutes * interval '1 minute'
    end as local_at,
    p.written_at is not null or coalesce(o.is_said, false) as is_said,
    coalesce(o.is_day_read, false) as is_day_read
  from plain as p
  join log_sheets as g on g.sheet_no = p.sheet_no
  left join log_odd_times as o on o.sheet_no = p.sheet_no and o.source_row = p.source_row
),
found as (
  select
    t.sheet_no, t.source_row, t.person_no, t.event_id, t.local_at,
    coalesce(s.station_id, n.station_id) as station_id,
    k.code as event_kind_code,
    case when not k.is_entry then v.code end as service_code,
    u.code as user_group_code,
    w.code as outcome_code,
    a.number as n_visits, b.number as n_persons, m.number as duration_minutes,
    case
      when not t.is_said then 1
      when t.local_at is null then case when t.is_day_read then 0 else 5 end
      when t.local_at < t.earliest_at then 4
      when t.local_at >= t.now_at then 6
      when t.local_at < coalesce(s.opened_at, n.opened_at) then 7
      else 0
    end as used_at_fault,
    case when t.is_said and t.local_at is null and t.is_day_read then 5 else 0 end as used_time_fault,
    case
      when s.station_id is not null or n.station_id is not null then 0
      when s.is_blank and n.is_blank then 1
      when case when s.is_blank then n.is_depot else s.is_depot end then 9
      else 8
    end as station_fault,
    k.fault_no as event_kind_fault,
    case when k.is_entry then 0 else v.fault_no end as service_fault,
    u.fault_no as user_group_fault,
    case when w.fault_no = 0 and w.is_open and k.is_request then 1 else w.fault_no end as outcome_fault,
    case when t.needs_event_id and t.event_id is null then 1 else 0 end as event_id_fault,
    case when t.needs_person and t.person_no is null then 1 else 0 end as person_fault,
    a.fault_no as n_visits_fault, b.fault_no as n_persons_fault, m.fault_no as duration_minutes_fault
  from timed as t
  join log_stations as s on s.column_name = 'station' and s.text_no = t.station_no
  join log_stations as n on n.column_name = 'station_name' and n.text_no = t.station_name_no
  join log_codes as k on k.column_name = 'event_kind' and k.text_no = t.event_kind_no
  join log_codes as v on v.column_name = 'service' and v.text_no = t.service_no
  join log_codes as u on u.column_name = 'user_group' and u.text_no = t.user_group_no
  join log_codes as w on w.column_name = 'outcome' and w.text_no = t.outcome_no
  join log_numbers as a on a.column_name = 'n_visits' and a.text_no = t.n_visits_no
  join log_numbers as b on b.column_name = 'n_persons' and b.text_no = t.n_persons_no
  join log_numbers as m on m.column_name = 'duration_minutes' and m.text_no = t.duration_minutes_no
)
select
  f.*,
  date_trunc('month', f.local_at) as month_at,
  greatest(f.used_at_fault, f.used_time_fault, f.station_fault, f.event_kind_fault, f.service_fault, f.user_group_fault,
    f.outcome_fault, f.event_id_fault, f.person_fault, f.n_visits_fault, f.n_persons_fault, f.duration_minutes_fault) <= 0
    as is_good,
  least(f.event_kind_fault, f.service_fault, f.user_group_fault, f.outcome_fault, f.n_visits_fault, f.n_persons_fault,
    f.duration_minutes_fault) < 0 as is_blanked
from found as f
