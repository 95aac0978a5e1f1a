-- How many usable rows name a day but no time of day. Grain: one row per file and sheet that has such rows.
select s.source_file_id, s.source_sheet, count(*) as n
from log_odd_times as o
join log_checks as c on c.said_no = o.said_no and c.source_row = o.source_row
join log_said as s on s.said_no = o.said_no
where c.is_good and not o.has_clock
group by s.source_file_id, s.source_sheet
