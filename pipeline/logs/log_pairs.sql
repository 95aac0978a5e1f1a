-- Which person occurs in which month among the uses that count: the pairs for which a pseudonym is needed.
-- Grain: one row per person number and local month.
select distinct c.person_no, c.month_at
from log_checks as c
where c.person_no is not null and c.is_good
