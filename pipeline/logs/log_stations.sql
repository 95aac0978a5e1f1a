-- Which station each text means, through the spellings known to the register and the reviewed aliases.
-- Grain: one row per text of a column that names a station (log_texts: every text that stands in the files, numbered).
select
  t.column_name, t.text_no, t.text is null as is_blank, s.station_id, d.spelling is not null as is_depot, p.opened_at
from log_texts as t
join log_sheets as g on g.sheet_no = t.sheet_no
left join station_spellings as s on s.area_code = g.area_code and s.spelling = t.text
left join depot_spellings as d on d.area_code = g.area_code and d.spelling = t.text
left join station_openings as p on p.station_id = s.station_id
where t.column_name in ('station', 'station_name')
