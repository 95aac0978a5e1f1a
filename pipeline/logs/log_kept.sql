-- The uses of a month that count once: stored ones less the duplicates. Grain: one row per use.
select e.*
from log_month_events as e
left join log_twins as d
  on d.source_file_id = e.source_file_id and d.source_sheet = e.source_sheet and d.source_row = e.source_row
where d.source_row is null
