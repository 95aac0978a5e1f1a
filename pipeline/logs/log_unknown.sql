-- What rows say that no register and no code list knows. Grain: one row per file, sheet, column and text.
-- source_row = the first row that says it; heading = the column as headed in the file.
with said as (
  select
    f.sheet_no, f.source_file_id, f.source_sheet, f.source_row, f.column_name, f.heading, f.reason_code,
    case
      when f.column_name = 'station' then coalesce(s.text, n.text)
      when f.column_name = 'event_kind' then k.text
      when f.column_name = 'service' then v.text
      when f.column_name = 'user_group' then u.text
      when f.column_name = 'outcome' then w.text
    end as value_text
  from log_faults as f
  join log_combinations as r on r.said_no = f.said_no
  join log_texts as s on s.column_name = 'station' and s.text_no = r.station_no
  join log_texts as n on n.column_name = 'station_name' and n.text_no = r.station_name_no
  join log_texts as k on k.column_name = 'event_kind' and k.text_no = r.event_kind_no
  join log_texts as v on v.column_name = 'service' and v.text_no = r.service_no
  join log_texts as u on u.column_name = 'user_group' and u.text_no = r.user_group_no
  join log_texts as w on w.column_name = 'outcome' and w.text_no = r.outcome_no
  where f.reason_code in ('unknown_station', 'other_kind_of_station', 'unknown_code')
)
select
  s.source_file_id, s.source_sheet, min(s.source_row) as source_row, count(*) as n_rows, s.column_name, s.heading,
  s.reason_code, s.value_text
from said as s
group by s.source_file_id, s.source_sheet, s.column_name, s.heading, s.reason_code, s.value_text
