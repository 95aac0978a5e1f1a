-- Question: which kind of record counts as a visit to this station in this month?
-- Grain: one row per station and month with any event.
-- Units: the door (entry) where it was logged, else uses of services, else requests. They are never added up: one visit
-- can leave a door scan and a use.
select station_id,
       area_code,
       cast(date_trunc('month', hour_at) as date) as month_on,
       case when bool_or(event_kind_code = 'entry') then 'entry'
            when bool_or(event_kind_code = 'use') then 'use'
            else 'request' end as event_kind_code,
       bool_or(event_kind_code <> 'entry') as is_service_logged
from mart.service_use
group by station_id, area_code, cast(date_trunc('month', hour_at) as date)
