-- The uses that can be counted: clean.service_events, one row per use, with the month it is stored under.
-- Grain: one row per raw row without a fault. Duplicates are still among them (log_duplicates marks them). A line that
-- counts persons and no visits stands for as many visits (人次): each of them came once.
select
  c.event_id,
  s.event_kind_code,
  s.station_id,
  s.area_code,
  s.service_code,
  c.local_at as used_at,
  s.user_group_code,
  k.courier_no,
  s.n_visits,
  s.n_persons,
  s.duration_minutes,
  s.outcome_code,
  s.source_file_id,
  s.source_sheet,
  c.source_row,
  c.month_at
from log_checks as c
join log_said as s on s.said_no = c.said_no
left join log_keys as k on k.person_no = c.person_no and k.month_at = c.month_at
where c.is_good
