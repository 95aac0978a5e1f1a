-- When each use happened: local wall clock of the area, to the second.
-- is_day_read: the day is good and only the time of day cannot be read.
-- Grain: one row per raw row whose time is not written plainly. Written shape -> ISO text -> one cast -> plain interval arithmetic; no zone functions.
-- A time that names its zone, and a count of seconds since 1970, need no word of the contract; all others are in the
-- contract's offset. A day without a time of day stays that day, at midnight.
with plain as (
  select
    s.*,
    case
      when s.shape = 'loose' then
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
          replace(replace(replace(s.stamp,
          '上午', ' '), '下午', ' '), '晚上', ' '), 'AM', ' '), 'PM', ' '),
          '年', '-'), '月', '-'), '日', ' '), '号', ' '), '/', '-'), '.', '-'), 'T', ' '),
          '点半', ':30'), '时', ':'), '点', ':'), '分', ':')
      when s.shape = 'compact' then replace(replace(s.stamp, 'T', ''), ' ', '')
    end as signs
  from log_odd_shapes as s
),
parts as (
  select
    p.*,
    case
      when p.shape = 'loose' then regexp_extract(p.signs,
        '^[0-9]{4} *- *[0-9]{1,2} *- *[0-9]{1,2}( +[0-9]{1,2} *: *[0-9]{0,2} *:? *[0-9]{0,2} *(秒|-[0-9]+)?)? *$', 0)
    end as whole,
    case
      when p.shape = 'loose' then concat(
        substr(p.signs, 1, 4), '-',
        lpad(regexp_extract(p.signs, '^[0-9]{4} *- *([0-9]{1,2})', 1), 2, '0'), '-',
        lpad(regexp_extract(p.signs, '^[0-9]{4} *- *[0-9]{1,2} *- *([0-9]{1,2})', 1), 2, '0'))
    end as day_text,
    case
      when p.shape = 'loose' then regexp_extract(p.signs, '- *[0-9]{1,2} *- *[0-9]{1,2} +([0-9]{1,2}) *:', 1)
    end as hour_text,
    case
      when p.shape = 'iso' then regexp_extract(substr(p.stamp, 20), '([+-][0-9]{2}):?[0-9]{0,2}$', 1)
    end as zone_hours,
    case
      when p.shape = 'iso' then regexp_extract(substr(p.stamp, 20), '[+-][0-9]{2}:?([0-9]{2})$', 1)
    end as zone_minutes,
    p.shape = 'loose' and regexp_extract(p.stamp, '下午|晚上|PM', 0) <> '' as is_afternoon,
    p.shape = 'loose' and regexp_extract(p.stamp, '上午|AM', 0) <> '' as is_morning
  from plain as p
),
iso_texts as (
  select
    p.*,
    case
      when p.shape = 'iso' then concat(substr(p.stamp, 1, 10), ' ', substr(p.stamp, 12, 8))
      when p.shape = 'compact' then concat(
        substr(p.signs, 1, 4), '-', substr(p.signs, 5, 2), '-', substr(p.signs, 7, 2), ' ',
        rpad(substr(p.signs, 9, 2), 2, '0'), ':', rpad(substr(p.signs, 11, 2), 2, '0'), ':', rpad(substr(p.signs, 13, 2), 2, '0'))
      when p.whole <> '' and (try_cast(p.hour_text as integer) < 24 or (p.hour_text = '' and not p.is_morning and not p.is_afternoon))
        then concat(
          p.day_text, ' ', lpad(p.hour_text, 2, '0'), ':',
          lpad(regexp_extract(p.whole, ': *([0-9]{1,2})', 1), 2, '0'), ':',
          lpad(regexp_extract(p.whole, ':[ 0-9]*: *([0-9]{1,2})', 1), 2, '0'))
    end as iso_text,
    case
      when p.shape = 'compact' then length(p.signs) > 8
      when p.shape = 'loose' then p.hour_text <> ''
      when p.shape = 'serial' then try_cast(p.stamp as double) <> floor(try_cast(p.stamp as double))
      else true
    end as has_clock,
    case
      when p.is_afternoon and try_cast(p.hour_text as integer) < 12 then 720
      when p.is_morning and try_cast(p.hour_text as integer) = 12 then -720
      else 0
    end as half_day_minutes
  from parts as p
),
stamped as (
  select
    i.*,
    case
      when i.shape = 'epoch' then
        timestamp '1970-01-01 00:00:00' + try_cast(substr(i.stamp, 1, 10) as integer) * interval '1 second'
      when i.shape = 'serial' then
        timestamp '1899-12-30 00:00:00' + try_cast(substr(i.stamp, 1, 5) as integer) * interval '1 day'
        + try_cast(round((try_cast(i.stamp as double) - floor(try_cast(i.stamp as double))) * 86400) as integer) * interval '1 second'
      else try_cast(i.iso_text as timestamp)
    end as stamped_at
  from iso_texts as i
),
shifted as (
  select
    s.*,
    case
      when s.shape = 'epoch' then s.area_offset_minutes
      when s.shape = 'iso' and s.zone_hours <> '' then s.area_offset_minutes
        - try_cast(s.zone_hours as integer) * 60
        - case when substr(s.zone_hours, 1, 1) = '-' then -1 else 1 end * coalesce(try_cast(nullif(s.zone_minutes, '') as integer), 0)
      when s.shape = 'iso' and regexp_extract(s.stamp, '[Zz]$', 0) <> '' then s.area_offset_minutes
      when s.has_clock then s.area_offset_minutes - s.utc_offset_minutes
      else 0
    end + s.half_day_minutes as shift_minutes
  from stamped as s
)
select
  s.said_no, s.source_row, s.stamp is not null as is_said, s.has_clock,
  s.stamped_at is null and try_cast(s.day_text as date) is not null as is_day_read,
  s.stamped_at + s.shift_minutes * interval '1 minute' as used_at
from shifted as s
