-- Which person number occurs in which month: the pairs for which a pseudonym is needed.
-- Grain: one row per person number and local month.
select distinct t.person_no, date_trunc('month', t.used_at) as month_at
from log_times as t
where t.person_no is not null and t.used_at is not null
