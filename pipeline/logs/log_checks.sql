-- What is wrong with each column of each row, in one pass. Grain: one row per raw row; x_fault is a reason code or null.
-- log_needs: per file and sheet, which columns must hold a value.
select
  r.row_id, r.source_file_id, r.source_sheet, r.source_row, r.person_no, r.event_id, r.area_code, r.station_id, r.used_at,
  r.event_kind_code, r.service_code, r.user_group_code, r.outcome_code, r.visits, r.persons, r.minutes,
  case
    when r.stamp is null then 'missing_value'
    when r.used_at is null and not r.is_day_read then 'bad_time'
    when r.used_at < g.earliest_at then 'out_of_range'
    when r.used_at >= b.before_at then 'future_time'
    when r.used_at < p.opened_at then 'before_opening'
  end as used_at_fault,
  case when r.stamp is not null and r.used_at is null and r.is_day_read then 'bad_time' end as used_time_fault,
  case
    when r.station_text is null then 'missing_value'
    when r.station_id is null and r.is_depot then 'other_kind_of_station'
    when r.station_id is null then 'unknown_station'
  end as station_fault,
  case when r.kind_text is not null and r.kind_code is null then 'unknown_code' end as event_kind_fault,
  case
    when r.service_code is not null or r.event_kind_code = 'entry' then null
    when r.service_text is not null then 'unknown_code'
    when n.service then 'missing_value'
  end as service_fault,
  case
    when r.user_group_code is not null then null
    when r.user_group_text is not null then 'unknown_code'
    when n.user_group then 'missing_value'
  end as user_group_fault,
  case
    when r.outcome_code is not null then null
    when r.outcome_text is not null then 'unknown_code'
    when n.outcome or r.event_kind_code = 'request' then 'missing_value'
  end as outcome_fault,
  case when n.event_id and r.event_id is null then 'missing_value' end as event_id_fault,
  case when n.person and r.person_no is null then 'missing_value' end as person_fault,
  case
    when r.n_visits is null then case when n.n_visits then 'missing_value' end
    when r.visits is null then 'bad_number'
    when r.visits < g.min_visits or r.visits > g.max_visits then 'out_of_range'
  end as n_visits_fault,
  case
    when r.n_persons is null then case when n.n_persons then 'missing_value' end
    when r.persons is null then 'bad_number'
    when r.persons < g.min_persons or r.persons > g.max_persons then 'out_of_range'
  end as n_persons_fault,
  case
    when r.duration_minutes is null then case when n.duration_minutes then 'missing_value' end
    when r.minutes is null then 'bad_number'
    when r.minutes < g.min_minutes or r.minutes > g.max_minutes then 'out_of_range'
  end as duration_minutes_fault
from log_numbers as r
join log_settings as g on g.source_file_id = r.source_file_id
join log_bounds as b on b.source_file_id = r.source_file_id
join log_needs as n on n.source_file_id = r.source_file_id and n.source_sheet = r.source_sheet
left join station_openings as p on p.station_id = r.station_id
