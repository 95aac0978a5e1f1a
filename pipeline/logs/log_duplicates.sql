-- Every duplicate and the row that is kept in its place, whatever the order of the files.
-- Grain: one row per duplicate. The row kept is itself no duplicate: where the twin found first is a repeat of an earlier
-- use, that earlier use is named.
with found as (
  select i.* from log_same_ids as i
  union all
  select r.* from log_repeats as r
  union all
  select a.* from log_resent as a
)
select
  f.source_file_id, f.source_sheet, f.source_row, f.reason_code,
  concat(
    coalesce(r.kept_file_id, f.kept_file_id), ':', coalesce(r.kept_sheet, f.kept_sheet), ':',
    cast(coalesce(r.kept_source_row, f.kept_source_row) as varchar)
  ) as kept_row
from found as f
left join log_repeats as r
  on r.source_file_id = f.kept_file_id and r.source_sheet = f.kept_sheet and r.source_row = f.kept_source_row
