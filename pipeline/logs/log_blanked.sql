-- Surprises that count as blank because the contract says so. Grain: one row per file, sheet, column and reason.
select f.source_file_id, f.source_sheet, f.heading, f.reason_code, count(*) as n
from log_faults as f
where not f.rejects
group by f.source_file_id, f.source_sheet, f.heading, f.reason_code
