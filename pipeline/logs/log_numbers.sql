-- Visits, persons and minutes as numbers. Grain: one row per raw row. Null where blank or unreadable (log_faults tells).
-- `3`, `3人`, `2 人次`; `15`, `15分钟`, `1小时20分`, `90秒`, `0:45`, `0:45:30`.
with shapes as (
  select
    c.*,
    regexp_extract(c.n_visits, '^ *(-?[0-9]+)([.]0+)? *(次|人次)? *$', 1) as visits_text,
    regexp_extract(c.n_persons, '^ *(-?[0-9]+)([.]0+)? *(人|名|位)? *$', 1) as persons_text,
    regexp_extract(c.duration_minutes, '^ *(-?[0-9]+([.][0-9]+)?) *(分|分钟|min)? *$', 1) as minutes_text,
    regexp_extract(c.duration_minutes, '^ *([0-9]+([.][0-9]+)? *(小时|时|h))? *([0-9]+ *(分|分钟|min))? *([0-9]+ *(秒|s))? *$', 0) as words_text,
    regexp_extract(c.duration_minutes, '^ *[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])? *$', 0) as clock_text
  from log_codes as c
)
select
  s.*,
  try_cast(nullif(s.visits_text, '') as bigint) as visits,
  try_cast(nullif(s.persons_text, '') as bigint) as persons,
  case
    when s.minutes_text <> '' then try_cast(s.minutes_text as double)
    when s.clock_text <> '' then
      cast(regexp_extract(s.clock_text, '^ *([0-9]+)', 1) as double) * 60
      + cast(regexp_extract(s.clock_text, ':([0-9]{2})', 1) as double)
      + coalesce(try_cast(nullif(regexp_extract(s.clock_text, ':[0-9]{2}:([0-9]{2})', 1), '') as double), 0) / 60
    when s.words_text <> '' then
      coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+([.][0-9]+)?) *(小时|时|h)', 1), '') as double), 0) * 60
      + coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+) *(分|min)', 1), '') as double), 0)
      + coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+) *(秒|s)', 1), '') as double), 0) / 60
  end as minutes
from shapes as s
