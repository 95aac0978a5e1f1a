-- The uses that can be counted: clean.service_events, one row per use, with the month it is stored under.
-- Grain: one row per raw row without a fault. Duplicates are still among them (log_duplicates marks them).
select
  coalesce(r.event_id, concat(r.source_file_id, ':', r.source_sheet, ':', cast(r.source_row as varchar))) as event_id,
  r.event_kind_code,
  r.station_id,
  r.area_code,
  r.service_code,
  r.used_at,
  coalesce(r.user_group_code, 'unknown') as user_group_code,
  k.courier_key,
  cast(coalesce(
    case when r.visits between g.min_visits and g.max_visits then r.visits end, 1) as integer) as n_visits,
  cast(case when r.persons between g.min_persons and g.max_persons then r.persons end as integer) as n_persons,
  case when r.minutes between g.min_minutes and g.max_minutes then r.minutes end as duration_minutes,
  coalesce(r.outcome_code, 'served') as outcome_code,
  r.source_file_id,
  r.source_sheet,
  cast(r.source_row as integer) as source_row,
  date_trunc('month', r.used_at) as month_at
from log_checks as r
join log_settings as g on g.source_file_id = r.source_file_id
left join log_keys as k on k.person_no = r.person_no and k.month_at = date_trunc('month', r.used_at)
left join (select distinct x.row_id from log_faults as x where x.rejects) as f on f.row_id = r.row_id
where f.row_id is null
