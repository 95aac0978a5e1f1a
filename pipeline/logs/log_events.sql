-- The uses that can be counted: clean.service_events, one row per use, with the month it is stored under.
-- Grain: one row per raw row without a fault. Duplicates are still among them (log_duplicates marks them). A line that
-- counts persons and no visits stands for as many visits (人次): each of them came once.
select
  c.event_id,
  c.event_kind_code,
  c.station_id,
  g.area_code,
  c.service_code,
  c.local_at as used_at,
  c.user_group_code,
  k.courier_key,
  cast(coalesce(c.n_visits, c.n_persons, 1) as integer) as n_visits,
  cast(c.n_persons as integer) as n_persons,
  c.duration_minutes,
  c.outcome_code,
  g.source_file_id,
  g.source_sheet,
  cast(c.source_row as integer) as source_row,
  c.month_at
from log_checks as c
join log_sheets as g on g.sheet_no = c.sheet_no
left join log_keys as k on k.person_no = c.person_no and k.month_at = c.month_at
where c.is_good
