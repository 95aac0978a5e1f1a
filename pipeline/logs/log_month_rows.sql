-- How many rows speak of each month a log can speak of. Grain: one row per file and month.
select g.source_file_id, c.month_at, count(*) as n
from log_checks as c
join log_sheets as g on g.sheet_no = c.sheet_no
where c.local_at >= g.earliest_at and c.local_at < g.now_at
group by g.source_file_id, c.month_at
