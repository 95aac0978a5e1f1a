-- What rows say that no register and no code list knows. Grain: one row per file, sheet, column and text.
-- source_row = the first row that says it; heading = the column as headed in the file.
with said as (
  select
    f.source_file_id, f.source_sheet, f.source_row, f.column_name, f.heading, f.reason_code,
    case
      when f.column_name = 'station' then coalesce(r.station, r.station_name)
      when f.column_name = 'event_kind' then r.event_kind
      when f.column_name = 'service' then r.service
      when f.column_name = 'user_group' then r.user_group
      when f.column_name = 'outcome' then r.outcome
    end as value_text
  from log_faults as f
  join raw_log as r on r.row_id = f.row_id
  where f.reason_code in ('unknown_station', 'other_kind_of_station', 'unknown_code')
)
select
  s.source_file_id, s.source_sheet, min(s.source_row) as source_row, count(*) as n_rows, s.column_name, s.heading,
  s.reason_code, s.value_text
from said as s
group by s.source_file_id, s.source_sheet, s.column_name, s.heading, s.reason_code, s.value_text
