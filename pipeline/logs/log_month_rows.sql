-- How many rows speak of each month a log can speak of. Grain: one row per file and month.
with counted as (
  select c.said_no, c.month_at, count(*) as n
  from log_checks as c
  where c.used_at_fault in (0, 7) and c.local_at is not null
  group by c.said_no, c.month_at
)
select s.source_file_id, c.month_at, cast(sum(c.n) as bigint) as n
from counted as c
join log_said as s on s.said_no = c.said_no
group by s.source_file_id, c.month_at
