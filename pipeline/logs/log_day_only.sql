-- How many usable rows name a day but no time of day. Grain: one row per file and sheet that has such rows.
select g.source_file_id, g.source_sheet, count(*) as n
from log_odd_times as o
join log_checks as c on c.sheet_no = o.sheet_no and c.source_row = o.source_row
join log_sheets as g on g.sheet_no = o.sheet_no
where c.is_good and not o.has_clock
group by g.source_file_id, g.source_sheet
