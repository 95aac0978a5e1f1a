-- Question: how many couriers and riders come back to a type of venue, as the logs see them?
-- Grain: one row per area, month, kind of record and venue type (host_type_code; 'all' together, 'unknown' not in the ledger).
-- Units: n_keys distinct keyed pseudonyms; n_keys_returned those of them who also came in a later week (from Monday) of the same
-- month. Keys rotate by month, so that who came back in the next month is not seen: whoever first came late had less time. A door
-- and an app know a person by different keys: kinds of record are never united.
with placed as (
  select u.area_code, u.month_on, u.event_kind_code, coalesce(s.host_type_code, 'unknown') as host_type_code, u.courier_no,
         u.first_used_on, u.last_used_on
  from mart.service_users as u
  left join clean.stations as s on s.station_id = u.station_id
  where u.courier_no is not null and u.user_group_code in ('courier', 'rider')
),
persons as (
  select area_code, month_on, event_kind_code, coalesce(host_type_code, 'all') as host_type_code, courier_no,
         date_trunc('week', max(last_used_on)) > date_trunc('week', min(first_used_on)) as is_back
  from placed
  group by grouping sets (
    (area_code, month_on, event_kind_code, courier_no, host_type_code),
    (area_code, month_on, event_kind_code, courier_no)
  )
)
select area_code,
       month_on,
       event_kind_code,
       host_type_code,
       count(*) as n_keys,
       count(*) filter (where is_back) as n_keys_returned
from persons
group by area_code, month_on, event_kind_code, host_type_code
