-- Question: what became of every row received?
-- Grain: one row per area and source or wave ('' for files no contract claims).
-- Units: files and raw rows; n_read = n_clean + n_duplicate + n_rejected + n_set_aside.
select coalesce(f.source_code, '') as source_code,
       f.area_code,
       count(distinct f.source_file_id) as n_files,
       cast(coalesce(sum(l.n_read), 0) as bigint) as n_read,
       cast(coalesce(sum(l.n_clean), 0) as bigint) as n_clean,
       cast(coalesce(sum(l.n_duplicate), 0) as bigint) as n_duplicate,
       cast(coalesce(sum(l.n_rejected), 0) as bigint) as n_rejected,
       cast(coalesce(sum(l.n_set_aside), 0) as bigint) as n_set_aside
from audit.source_files as f
left join audit.row_ledger as l on l.source_file_id = f.source_file_id
group by coalesce(f.source_code, ''), f.area_code
