-- The latest time a file's own body makes plausible. Grain: one row per file.
-- The end of the month after its last well-filled month; for a file with none, the end of the year after its usual
-- year; never later than the day after the build.
with months as (
  select m.source_file_id, m.month_at, sum(m.n) as n
  from log_months as m
  group by m.source_file_id, m.month_at
),
totals as (
  select m.source_file_id, sum(m.n) as n from months as m group by m.source_file_id
),
filled as (
  select m.source_file_id, max(m.month_at) as month_at
  from months as m
  join totals as a on a.source_file_id = m.source_file_id
  join log_files as g on g.source_file_id = m.source_file_id
  where m.n >= g.filled_rows and m.n >= g.filled_share * a.n
  group by m.source_file_id
),
years as (
  select m.source_file_id, date_trunc('year', m.month_at) as year_at, sum(m.n) as n
  from months as m
  group by m.source_file_id, date_trunc('year', m.month_at)
),
usual as (
  select y.source_file_id, y.year_at, row_number() over (partition by y.source_file_id order by y.n desc, y.year_at) as nth
  from years as y
)
select
  g.source_file_id,
  least(
    g.now_at,
    coalesce(f.month_at + interval '2 months', u.year_at + interval '2 years', g.now_at)
  ) as before_at,
  coalesce(f.month_at + interval '2 months', u.year_at + interval '2 years', g.now_at) >= g.now_at as is_of_clock
from log_files as g
left join filled as f on f.source_file_id = g.source_file_id
left join usual as u on u.source_file_id = g.source_file_id and u.nth = 1
