-- The shape of each time as written: what it looks like decides how it is read, so that it is read once.
-- Grain: one row per raw row whose time is not written plainly. shape: iso, compact, epoch, serial, loose; null where none fits.
select
  t.*,
  case
    when regexp_extract(t.stamp, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.,][0-9]+)? *(Z|z|[+-][0-9]{2}:?([0-9]{2})?)?$', 0) <> '' then 'iso'
    when regexp_extract(t.stamp, '^((19|2[0-9])[0-9]{6}([T ]?([01][0-9]|2[0-3])[0-5][0-9]([0-5][0-9])?)?|20[0-9]{6}([01][0-9]|2[0-3]))$', 0) <> '' then 'compact'
    when regexp_extract(t.stamp, '^[01][0-9]{9}([0-9]{3}|[0-9]{6})?([.][0-9]+)?$', 0) <> '' then 'epoch'
    when regexp_extract(t.stamp, '^[2-7][0-9]{4}([.][0-9]+)?$', 0) <> '' then 'serial'
    when regexp_extract(t.stamp, '^[0-9]{4} *[-/.年] *[0-9]{1,2} *[-/.月] *[0-9]{1,2}', 0) <> '' then 'loose'
  end as shape
from log_odd_text as t
