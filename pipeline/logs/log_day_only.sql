-- How many usable rows name a day but no time of day. Grain: one row per file and sheet that has such rows.
select r.source_file_id, r.source_sheet, count(*) as n
from log_times as r
left join (select distinct x.row_id from log_faults as x where x.rejects) as f on f.row_id = r.row_id
where f.row_id is null and not r.has_clock
group by r.source_file_id, r.source_sheet
