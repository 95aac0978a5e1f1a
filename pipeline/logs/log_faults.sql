-- What is wrong with a row. Grain: one row per raw row and fault; heading = the column at fault, as headed in the file.
-- log_columns: which columns a sheet has and what its contract does with surprises there; `rejects` is false where it
-- says that a surprise counts as blank. A fault of a column that the sheet does not have is none.
with faults as (
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'used_at' as column_name, r.used_at_fault as reason_code
  from log_checks as r where r.used_at_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'used_time', r.used_time_fault
  from log_checks as r where r.used_time_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'station', r.station_fault
  from log_checks as r where r.station_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'event_kind', r.event_kind_fault
  from log_checks as r where r.event_kind_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'service', r.service_fault
  from log_checks as r where r.service_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'user_group', r.user_group_fault
  from log_checks as r where r.user_group_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'outcome', r.outcome_fault
  from log_checks as r where r.outcome_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'event_id', r.event_id_fault
  from log_checks as r where r.event_id_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'person', r.person_fault
  from log_checks as r where r.person_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'n_visits', r.n_visits_fault
  from log_checks as r where r.n_visits_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'n_persons', r.n_persons_fault
  from log_checks as r where r.n_persons_fault is not null
  union all
  select r.row_id, r.source_file_id, r.source_sheet, r.source_row, 'duration_minutes', r.duration_minutes_fault
  from log_checks as r where r.duration_minutes_fault is not null
)
select
  f.row_id, f.source_file_id, f.source_sheet, f.source_row, f.column_name, c.heading, c.on_unknown, f.reason_code,
  c.on_unknown <> 'null' or f.reason_code = 'missing_value' as rejects
from faults as f
join log_columns as c
  on c.source_file_id = f.source_file_id and c.source_sheet = f.source_sheet and c.column_name = f.column_name
