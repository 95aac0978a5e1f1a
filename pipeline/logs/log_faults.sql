-- What is wrong with a row. Grain: one row per raw row and fault; heading = the column at fault, as headed in the file.
-- log_columns: which columns a sheet has and what its contract does with surprises there; `rejects` is false where it
-- says that a surprise counts as blank.
with faults as (
  select r.row_id, 'used_at' as column_name, 'missing_value' as reason_code from log_numbers as r where r.stamp is null
  union all
  select r.row_id, 'used_at', 'bad_time' from log_numbers as r where r.used_at is null and r.stamp is not null and not r.is_day_read
  union all
  select r.row_id, 'used_time', 'bad_time' from log_numbers as r where r.used_at is null and r.stamp is not null and r.is_day_read
  union all
  select r.row_id, 'used_at', 'out_of_range'
  from log_numbers as r join log_settings as g on g.source_file_id = r.source_file_id
  where r.used_at < g.earliest_at
  union all
  select r.row_id, 'used_at', 'future_time'
  from log_numbers as r join log_bounds as b on b.source_file_id = r.source_file_id
  where r.used_at >= b.before_at
  union all
  select r.row_id, 'used_at', 'before_opening'
  from log_numbers as r
  join log_settings as g on g.source_file_id = r.source_file_id
  join station_openings as p on p.station_id = r.station_id
  where r.used_at < p.opened_at and r.used_at >= g.earliest_at
  union all
  select r.row_id, 'station', 'missing_value' from log_numbers as r where r.station_text is null
  union all
  select r.row_id, 'station', 'unknown_station' from log_numbers as r where r.station_text is not null and r.station_id is null
  union all
  select r.row_id, 'event_kind', 'unknown_code' from log_numbers as r where r.kind_text is not null and r.kind_code is null
  union all
  select r.row_id, 'service', 'missing_value'
  from log_numbers as r where r.service_text is null and r.service_code is null and r.event_kind_code <> 'entry'
  union all
  select r.row_id, 'service', 'unknown_code'
  from log_numbers as r where r.service_text is not null and r.service_code is null and r.event_kind_code <> 'entry'
  union all
  select r.row_id, 'user_group', 'missing_value' from log_numbers as r where r.user_group_text is null and r.user_group_code is null
  union all
  select r.row_id, 'user_group', 'unknown_code' from log_numbers as r where r.user_group_text is not null and r.user_group_code is null
  union all
  select r.row_id, 'outcome', 'missing_value' from log_numbers as r where r.outcome_text is null and r.outcome_code is null
  union all
  select r.row_id, 'outcome', 'missing_outcome'
  from log_numbers as r where r.outcome_text is null and r.outcome_code is null and r.event_kind_code = 'request'
  union all
  select r.row_id, 'outcome', 'unknown_code' from log_numbers as r where r.outcome_text is not null and r.outcome_code is null
  union all
  select r.row_id, 'event_id', 'missing_value' from log_numbers as r where r.event_id is null
  union all
  select r.row_id, 'person', 'missing_value' from log_numbers as r where r.person_no is null
  union all
  select r.row_id, 'n_visits', 'missing_value' from log_numbers as r where r.n_visits is null
  union all
  select r.row_id, 'n_visits', 'bad_number' from log_numbers as r where r.n_visits is not null and r.visits is null
  union all
  select r.row_id, 'n_visits', 'out_of_range'
  from log_numbers as r join log_settings as g on g.source_file_id = r.source_file_id
  where r.visits < g.min_visits or r.visits > g.max_visits
  union all
  select r.row_id, 'n_persons', 'missing_value' from log_numbers as r where r.n_persons is null
  union all
  select r.row_id, 'n_persons', 'bad_number' from log_numbers as r where r.n_persons is not null and r.persons is null
  union all
  select r.row_id, 'n_persons', 'out_of_range'
  from log_numbers as r join log_settings as g on g.source_file_id = r.source_file_id
  where r.persons < g.min_persons or r.persons > g.max_persons
  union all
  select r.row_id, 'duration_minutes', 'missing_value' from log_numbers as r where r.duration_minutes is null
  union all
  select r.row_id, 'duration_minutes', 'bad_number' from log_numbers as r where r.duration_minutes is not null and r.minutes is null
  union all
  select r.row_id, 'duration_minutes', 'out_of_range'
  from log_numbers as r join log_settings as g on g.source_file_id = r.source_file_id
  where r.minutes < g.min_minutes or r.minutes > g.max_minutes
)
select
  f.row_id, r.source_file_id, r.source_sheet, r.source_row, f.column_name, c.heading, c.on_unknown,
  c.on_unknown <> 'null' or f.reason_code in ('missing_value', 'missing_outcome') as rejects,
  case when f.reason_code = 'missing_outcome' then 'missing_value' else f.reason_code end as reason_code
from faults as f
join log_numbers as r on r.row_id = f.row_id
join log_columns as c
  on c.source_file_id = r.source_file_id and c.source_sheet = r.source_sheet and c.column_name = f.column_name
where f.reason_code <> 'missing_value' or c.is_needed
