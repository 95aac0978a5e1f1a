-- Question: how often was each service asked for on each day, and how did it end?
-- Grain: one row per station, service and day with any record that names the service.
-- Units: visits (人次: uses and requests, whatever their outcome; where one log notes both of one visit, both).
-- …_open: those in hours in which the station is open for a part, by mart.open_intervals, and on a day with any open
-- time those in the hour from midnight, where records without a time of day stand.
with open_hours as (
  select station_id, unnest(generate_series(date_trunc('hour', opens_at), closes_at - interval 1 second, interval 1 hour)) as hour_at
  from mart.open_intervals
  union
  select station_id, cast(day_on as timestamp) from mart.open_intervals
)
select u.station_id,
       u.area_code,
       u.period_code,
       u.service_code,
       cast(u.hour_at as date) as day_on,
       cast(sum(u.n_visits) as bigint) as n_visits,
       cast(coalesce(sum(u.n_visits) filter (where o.station_id is not null), 0) as bigint) as n_visits_open,
       cast(sum(u.n_served) as bigint) as n_served,
       cast(coalesce(sum(u.n_served) filter (where o.station_id is not null), 0) as bigint) as n_served_open,
       cast(sum(u.n_stocked_out) as bigint) as n_stocked_out
from mart.service_use as u
left join open_hours as o on o.station_id = u.station_id and o.hour_at = u.hour_at
where u.service_code <> '' and u.event_kind_code <> 'entry'
group by u.station_id, u.area_code, u.period_code, u.service_code, cast(u.hour_at as date)
