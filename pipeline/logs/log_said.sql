-- What the texts of a row mean together, and what is wrong with each of them. Grain: one row per combination of texts that
-- stands in the files (log_combinations: a number for each, with the number of each text). x_fault: log_reasons; 0 nothing,
-- below zero a surprise that counts as blank. Few rows for millions of uses: all of it is found once, here.
with found as (
  select
    c.said_no, c.sheet_no, g.source_file_id, g.source_sheet, g.area_code, g.shift_minutes, g.earliest_at, g.now_at,
    g.needs_event_id, g.needs_person,
    coalesce(s.station_id, n.station_id) as station_id,
    coalesce(s.opened_at, n.opened_at) as opened_at,
    k.code as event_kind_code,
    case when not k.is_entry then v.code end as service_code,
    u.code as user_group_code,
    w.code as outcome_code,
    cast(coalesce(a.number, b.number, 1) as integer) as n_visits,
    cast(b.number as integer) as n_persons,
    m.number as duration_minutes,
    case
      when s.station_id is not null or n.station_id is not null then 0
      when s.is_blank and n.is_blank then 1
      when case when s.is_blank then n.is_depot else s.is_depot end then 9
      else 8
    end as station_fault,
    k.fault_no as event_kind_fault,
    case when k.is_entry then 0 else v.fault_no end as service_fault,
    u.fault_no as user_group_fault,
    case when w.fault_no = 0 and w.is_open and k.is_request then 1 else w.fault_no end as outcome_fault,
    a.fault_no as n_visits_fault, b.fault_no as n_persons_fault, m.fault_no as duration_minutes_fault
  from log_combinations as c
  join log_sheets as g on g.sheet_no = c.sheet_no
  join log_stations as s on s.column_name = 'station' and s.text_no = c.station_no
  join log_stations as n on n.column_name = 'station_name' and n.text_no = c.station_name_no
  join log_codes as k on k.column_name = 'event_kind' and k.text_no = c.event_kind_no
  join log_codes as v on v.column_name = 'service' and v.text_no = c.service_no
  join log_codes as u on u.column_name = 'user_group' and u.text_no = c.user_group_no
  join log_codes as w on w.column_name = 'outcome' and w.text_no = c.outcome_no
  join log_numbers as a on a.column_name = 'n_visits' and a.text_no = c.n_visits_no
  join log_numbers as b on b.column_name = 'n_persons' and b.text_no = c.n_persons_no
  join log_numbers as m on m.column_name = 'duration_minutes' and m.text_no = c.duration_minutes_no
)
select
  f.*,
  greatest(f.station_fault, f.event_kind_fault, f.service_fault, f.user_group_fault, f.outcome_fault, f.n_visits_fault,
    f.n_persons_fault, f.duration_minutes_fault) <= 0 as is_good,
  least(f.event_kind_fault, f.service_fault, f.user_group_fault, f.outcome_fault, f.n_visits_fault, f.n_persons_fault,
    f.duration_minutes_fault) < 0 as is_blanked
from found as f
