-- Station, service, user group, outcome and kind of each row, through the spellings known to the register, the reviewed
-- aliases and the codebooks. Grain: one row per raw row. A value that means "not said" counts as blank (x_text null).
select
  t.row_id, t.source_file_id, t.source_sheet, t.source_row, t.person_no, t.event_id, t.stamp, t.has_clock, t.is_day_read, t.used_at,
  t.n_visits, t.n_persons, t.duration_minutes,
  g.area_code,
  coalesce(t.station, t.station_name) as station_text,
  coalesce(s.station_id, n.station_id) as station_id,
  d.spelling is not null as is_depot,
  case when k.is_missing then null else t.event_kind end as kind_text,
  k.code as kind_code,
  coalesce(k.code, g.grain) as event_kind_code,
  case when v.is_missing then null else t.service end as service_text,
  case when coalesce(k.code, g.grain) <> 'entry' then coalesce(v.code, g.set_service) end as service_code,
  case when u.is_missing then null else t.user_group end as user_group_text,
  coalesce(u.code, g.set_user_group) as user_group_code,
  case when o.is_missing then null else t.outcome end as outcome_text,
  coalesce(o.code, g.set_outcome) as outcome_code
from log_times as t
join log_settings as g on g.source_file_id = t.source_file_id
left join station_spellings as s on s.area_code = g.area_code and s.spelling = t.station
left join station_spellings as n on n.area_code = g.area_code and n.spelling = t.station_name
left join depot_spellings as d on d.area_code = g.area_code and d.spelling = coalesce(t.station, t.station_name)
left join code_spellings as k on k.source_code = g.source_code and k.column_name = 'event_kind' and k.spelling = t.event_kind
left join code_spellings as v on v.source_code = g.source_code and v.column_name = 'service' and v.spelling = t.service
left join code_spellings as u on u.source_code = g.source_code and u.column_name = 'user_group' and u.spelling = t.user_group
left join code_spellings as o on o.source_code = g.source_code and o.column_name = 'outcome' and o.spelling = t.outcome
