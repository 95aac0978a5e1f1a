-- Every duplicate of a month and the row that is kept in its place, whatever the order of the files.
-- Grain: one row per duplicate, as a fate (audit.row_fates). The row kept is itself no duplicate: where the twin found first
-- is a repeat of an earlier use, that earlier use is named.
with found as (
  select i.* from log_same_ids as i
  union all
  select r.* from log_repeats as r
  union all
  select a.* from log_resent as a
)
select
  f.source_file_id, f.source_sheet, cast(f.source_row as bigint) as source_row, 'duplicate' as fate,
  cast(null as varchar) as column_name, f.reason_code,
  concat(
    coalesce(r.kept_file_id, f.kept_file_id), ':', coalesce(r.kept_sheet, f.kept_sheet), ':',
    cast(coalesce(r.kept_source_row, f.kept_source_row) as varchar)
  ) as kept_row,
  f.used_at
from found as f
join log_month as m on f.used_at >= m.month_at
left join log_repeats as r
  on r.source_file_id = f.kept_file_id and r.source_sheet = f.kept_sheet and r.source_row = f.kept_source_row
