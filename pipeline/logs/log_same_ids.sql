-- Uses logged again under the id their system gave them: same source, area, station and id, within a day of each other
-- (a serial number that starts anew, or that each device counts for itself, is no duplicate).
-- Grain: one row per repeated use and the earlier one that is kept. Reads log_stored: the uses of a month, and of the day before it.
with given as (
  select s.*
  from log_stored as s
  join (
    select x.source_code, x.area_code, x.station_id, x.event_id
    from log_stored as x
    where x.event_id is not null
    group by x.source_code, x.area_code, x.station_id, x.event_id
    having count(*) > 1
  ) as r
    on r.source_code = s.source_code and r.area_code = s.area_code and r.station_id = s.station_id and r.event_id = s.event_id
),
marked as (
  select
    g.*,
    lag(g.used_at) over (
      partition by g.source_code, g.area_code, g.station_id, g.event_id
      order by g.used_at, g.source_file_id, g.source_sheet, g.source_row
    ) as before_at
  from given as g
),
runs as (
  select
    m.*,
    sum(case when m.before_at is null or m.used_at > m.before_at + interval '1 day' then 1 else 0 end) over (
      partition by m.source_code, m.area_code, m.station_id, m.event_id
      order by m.used_at, m.source_file_id, m.source_sheet, m.source_row
      rows between unbounded preceding and current row
    ) as run
  from marked as m
),
ranked as (
  select
    r.*,
    row_number() over (
      partition by r.source_code, r.area_code, r.station_id, r.event_id, r.run
      order by r.used_at, r.source_file_id, r.source_sheet, r.source_row
    ) as nth
  from runs as r
)
select
  d.source_file_id, d.source_sheet, d.source_row, d.used_at,
  k.source_file_id as kept_file_id, k.source_sheet as kept_sheet, k.source_row as kept_source_row,
  case
    when d.source_file_id <> k.source_file_id then 'resent_batch'
    when d.used_at = k.used_at and coalesce(d.service_code, '') = coalesce(k.service_code, '')
      and coalesce(d.courier_no, -1) = coalesce(k.courier_no, -1) and d.outcome_code = k.outcome_code then 'duplicate_row'
    else 'duplicate_key'
  end as reason_code
from ranked as d
join ranked as k
  on k.source_code = d.source_code and k.area_code = d.area_code and k.station_id = d.station_id
  and k.event_id = d.event_id and k.run = d.run and k.nth = 1
where d.nth > 1
