-- Which code each text of a coded column means, what stands where nothing is said, and what is wrong with it.
-- Grain: one row per text of a coded column. A text that means "not said" counts as blank. fault_no: log_reasons; below zero
-- where the contract says that a surprise in this column counts as blank, 0 where nothing is wrong.
with meant as (
  select
    t.column_name, t.text_no,
    case when s.is_missing then null else t.text end as said,
    s.code as code_said,
    coalesce(
      s.code,
      case
        when t.column_name = 'event_kind' then g.grain
        when t.column_name = 'service' then g.set_service
        when t.column_name = 'user_group' then g.set_user_group
        when t.column_name = 'outcome' then g.set_outcome
      end) as code,
    c.heading is not null as is_there,
    coalesce(c.is_needed, false) as is_needed,
    coalesce(c.on_unknown, 'reject') = 'null' as is_lenient
  from log_texts as t
  join log_sheets as g on g.sheet_no = t.sheet_no
  left join log_columns as c on c.sheet_no = t.sheet_no and c.column_name = t.column_name
  left join code_spellings as s
    on s.source_code = g.source_code and s.column_name = t.column_name and s.spelling = t.text
  where t.column_name in ('event_kind', 'service', 'user_group', 'outcome')
)
select
  m.column_name, m.text_no,
  case
    when m.column_name = 'user_group' then coalesce(m.code, 'unknown')
    when m.column_name = 'outcome' then coalesce(m.code, 'served')
    else m.code
  end as code,
  m.code = 'entry' as is_entry,
  m.code = 'request' as is_request,
  m.is_there and m.code is null as is_open,
  case
    when m.said is not null and m.code_said is null and (m.code is null or m.column_name = 'event_kind')
      then case when m.is_lenient then -2 else 2 end
    when m.code is null and m.is_needed then 1
    else 0
  end as fault_no
from meant as m
