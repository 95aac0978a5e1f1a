-- Times that are not written as machines do: `2023-05-14 08:03:01` is cast to a time that is written the same, and left to
-- log_checks. Signs in half width; day and time of day, where they are two columns, as one text.
-- Grain: one row per raw row with such a time.
with odd as (
  select r.said_no, r.source_row, r.used_at, r.used_on, r.used_time
  from raw_log as r
  where r.used_at is null or length(r.used_at) <> 19 or coalesce(cast(try_cast(r.used_at as timestamp) as varchar), '') <> r.used_at
),
half_width as (
  select
    o.said_no, o.source_row,
    -- a look first: translating letter by letter costs five times as much, and few machines write full width
    case
      when regexp_extract(o.used_at, '[０-９：／－．　]', 0) <> ''
        then translate(o.used_at, '０１２３４５６７８９：／－．　', '0123456789:/-. ')
      else o.used_at
    end as used_at,
    translate(o.used_on, '０１２３４５６７８９：／－．　', '0123456789:/-. ') as used_on,
    translate(o.used_time, '０１２３４５６７８９：／－．　', '0123456789:/-. ') as used_time
  from odd as o
),
days as (
  select
    h.*,
    case
      -- a date cell: its midnight says nothing about the time of day
      when regexp_extract(h.used_on, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]00:00:00$', 0) <> '' then substr(h.used_on, 1, 10)
      -- a date kept by Excel as a number of days
      when regexp_extract(h.used_on, '^[2-7][0-9]{4}([.]0+)?$', 0) <> '' then
        substr(cast(timestamp '1899-12-30 00:00:00' + try_cast(substr(h.used_on, 1, 5) as integer) * interval '1 day' as varchar), 1, 10)
      else h.used_on
    end as day_text,
    case
      -- a time kept by Excel as a share of a day
      when regexp_extract(h.used_time, '^0?[.][0-9]+$', 0) <> '' then
        substr(cast(
          timestamp '2000-01-01 00:00:00' + cast(round(try_cast(h.used_time as double) * 86400) as integer) * interval '1 second'
          as varchar), 12, 8)
      -- a time cell that carries the first day of Excel's calendar
      when regexp_extract(h.used_time, '^(1899|1900|1904)-[0-9]{2}-[0-9]{2}[T ]', 0) <> '' then substr(h.used_time, 12)
      else h.used_time
    end as clock_text
  from half_width as h
),
stamps as (
  select
    d.*,
    case
      when d.used_at is not null then d.used_at
      when d.day_text is not null and d.clock_text is not null then concat(d.day_text, ' ', d.clock_text)
      else d.day_text
    end as written
  from days as d
)
select
  s.said_no, s.source_row, g.utc_offset_minutes, g.area_offset_minutes,
  case
    when g.year_text is not null and regexp_extract(s.written, '^[0-9]{1,2}月[0-9]{1,2}[日号]', 0) <> ''
      then concat(g.year_text, '年', s.written)
    else s.written
  end as stamp
from stamps as s
join log_combinations as c on c.said_no = s.said_no
join log_sheets as g on g.sheet_no = c.sheet_no
