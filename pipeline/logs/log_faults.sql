-- What is wrong with a row. Grain: one row per raw row and fault; heading = the column at fault, as headed in the file.
-- log_columns: which columns a sheet has and what its contract does with surprises there; `rejects` is false where it
-- says that a surprise counts as blank.
with odd as (
  select c.* from log_checks as c where not c.is_good or c.is_blanked
),
faults as (
  select r.sheet_no, r.source_row, r.local_at, 'used_at' as column_name, r.used_at_fault as fault_no from odd as r where r.used_at_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'used_time', r.used_time_fault from odd as r where r.used_time_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'station', r.station_fault from odd as r where r.station_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'event_kind', r.event_kind_fault from odd as r where r.event_kind_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'service', r.service_fault from odd as r where r.service_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'user_group', r.user_group_fault from odd as r where r.user_group_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'outcome', r.outcome_fault from odd as r where r.outcome_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'event_id', r.event_id_fault from odd as r where r.event_id_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'person', r.person_fault from odd as r where r.person_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'n_visits', r.n_visits_fault from odd as r where r.n_visits_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'n_persons', r.n_persons_fault from odd as r where r.n_persons_fault <> 0
  union all
  select r.sheet_no, r.source_row, r.local_at, 'duration_minutes', r.duration_minutes_fault from odd as r where r.duration_minutes_fault <> 0
)
select
  f.sheet_no, g.source_file_id, g.source_sheet, f.source_row, f.local_at, f.column_name, c.heading, c.on_unknown,
  r.reason_code, f.fault_no > 0 as rejects
from faults as f
join log_sheets as g on g.sheet_no = f.sheet_no
join log_columns as c on c.sheet_no = f.sheet_no and c.column_name = f.column_name
join log_reasons as r on r.fault_no = abs(f.fault_no)
