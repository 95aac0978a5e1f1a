-- Visits, persons and minutes as numbers. Grain: one row per text of a column that counts.
-- `3`, `3人`, `2 人次`; `15`, `15分钟`, `1小时20分`, `90秒`, `0:45`, `0:45:30`. fault_no as in log_codes.
with half_width as (
  select t.sheet_no, t.column_name, t.text_no, t.text, translate(t.text, '０１２３４５６７８９．－：　', '0123456789.-: ') as written
  from log_texts as t
  where t.column_name in ('n_visits', 'n_persons', 'duration_minutes')
),
shapes as (
  select
    h.*,
    case
      when h.column_name = 'n_visits' then regexp_extract(h.written, '^ *(-?[0-9]+)([.]0+)? *(次|人次)? *$', 1)
      when h.column_name = 'n_persons' then regexp_extract(h.written, '^ *(-?[0-9]+)([.]0+)? *(人|名|位)? *$', 1)
      else regexp_extract(h.written, '^ *(-?[0-9]+([.][0-9]+)?) *(分|分钟|min)? *$', 1)
    end as number_text,
    case
      when h.column_name = 'duration_minutes' then regexp_extract(h.written,
        '^ *([0-9]+([.][0-9]+)? *(小时|时|h))? *([0-9]+ *(分|分钟|min))? *([0-9]+ *(秒|s))? *$', 0)
    end as words_text,
    case
      when h.column_name = 'duration_minutes' then regexp_extract(h.written, '^ *[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])? *$', 0)
    end as clock_text
  from half_width as h
),
counted as (
  select
    s.*,
    case
      when s.number_text <> '' then try_cast(s.number_text as double)
      when s.clock_text <> '' then
        cast(regexp_extract(s.clock_text, '^ *([0-9]+)', 1) as double) * 60
        + cast(regexp_extract(s.clock_text, ':([0-9]{2})', 1) as double)
        + coalesce(try_cast(nullif(regexp_extract(s.clock_text, ':[0-9]{2}:([0-9]{2})', 1), '') as double), 0) / 60
      when s.words_text <> '' then
        coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+([.][0-9]+)?) *(小时|时|h)', 1), '') as double), 0) * 60
        + coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+) *(分|min)', 1), '') as double), 0)
        + coalesce(try_cast(nullif(regexp_extract(s.words_text, '([0-9]+) *(秒|s)', 1), '') as double), 0) / 60
    end as number_read
  from shapes as s
),
judged as (
  select
    n.column_name, n.text_no, n.number_read,
    coalesce(c.on_unknown, 'reject') = 'null' as is_lenient,
    case
      when n.text is null then case when c.is_needed then 1 else 0 end
      when n.number_read is null then 3
      when n.number_read < l.min_number or n.number_read > l.max_number then 4
      else 0
    end as fault
  from counted as n
  join log_limits as l on l.sheet_no = n.sheet_no and l.column_name = n.column_name
  left join log_columns as c on c.sheet_no = n.sheet_no and c.column_name = n.column_name
)
select
  j.column_name, j.text_no,
  case when j.fault = 0 then j.number_read end as number,
  case when j.is_lenient and j.fault > 1 then -j.fault else j.fault end as fault_no
from judged as j
