-- What is wrong with a row. Grain: one row per raw row and fault; heading = the column at fault, as headed in the file.
-- log_columns: which columns a sheet has and what its contract does with surprises there; `rejects` is false where it
-- says that a surprise counts as blank.
with odd as (
  select
    c.said_no, c.source_row, c.local_at, c.used_at_fault, c.used_time_fault, c.event_id_fault, c.person_fault, s.station_fault,
    s.event_kind_fault, s.service_fault, s.user_group_fault, s.outcome_fault, s.n_visits_fault, s.n_persons_fault,
    s.duration_minutes_fault
  from log_checks as c
  join log_said as s on s.said_no = c.said_no
  where not c.is_good or c.is_blanked
),
faults as (
  select o.said_no, o.source_row, o.local_at, 'used_at' as column_name, o.used_at_fault as fault_no from odd as o where o.used_at_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'used_time', o.used_time_fault from odd as o where o.used_time_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'event_id', o.event_id_fault from odd as o where o.event_id_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'person', o.person_fault from odd as o where o.person_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'station', o.station_fault from odd as o where o.station_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'event_kind', o.event_kind_fault from odd as o where o.event_kind_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'service', o.service_fault from odd as o where o.service_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'user_group', o.user_group_fault from odd as o where o.user_group_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'outcome', o.outcome_fault from odd as o where o.outcome_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'n_visits', o.n_visits_fault from odd as o where o.n_visits_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'n_persons', o.n_persons_fault from odd as o where o.n_persons_fault <> 0
  union all
  select o.said_no, o.source_row, o.local_at, 'duration_minutes', o.duration_minutes_fault from odd as o where o.duration_minutes_fault <> 0
)
select
  s.sheet_no, s.source_file_id, s.source_sheet, f.said_no, f.source_row, f.local_at, f.column_name, c.heading, c.on_unknown,
  r.reason_code, f.fault_no > 0 as rejects
from faults as f
join log_said as s on s.said_no = f.said_no
join log_columns as c on c.sheet_no = s.sheet_no and c.column_name = f.column_name
join log_reasons as r on r.fault_no = abs(f.fault_no)
