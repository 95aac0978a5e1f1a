"""What the latest ledger of each area changed against the one before: stations counted, no value of any cell."""

from __future__ import annotations

import duckdb

_LATEST = """
with latest as (
  select * from mart.station_ledgers
  qualify as_of = max(as_of) over (partition by area_code, source_code)
),
changes as (
  select *, value_before is null or value_before = 'unknown' as was_unsaid,
         value_after is null or value_after = 'unknown' as is_unsaid
  from mart.ledger_changes
)
"""
_STATIONS = f"""{_LATEST},
counts as (
  select area_code, source_code, as_of,
         {{presences}},
         count(distinct station_id) filter (where change_code = 'changed') as n_changed,
         count(distinct station_id) filter (where change_code = 'changed' and not was_unsaid and not is_unsaid) as n_other
  from changes
  group by area_code, source_code, as_of
)
select coalesce(a.label_zh, l.area_code), coalesce(a.label_en, l.area_code), l.source_code,
       cast(l.previous_as_of as varchar), cast(l.as_of as varchar), l.n_stations,
       {{shown}}, coalesce(c.n_other, 0), coalesce(c.n_changed - c.n_other, 0)
from latest as l
left join ref.areas as a on a.area_code = l.area_code
left join counts as c on c.area_code = l.area_code and c.source_code = l.source_code and c.as_of = l.as_of
where l.previous_as_of is not null
order by l.area_code, l.source_code
"""
_ITEMS = f"""{_LATEST}
select coalesce(i.label_zh, s.label_zh, c.item_code), coalesce(i.label_en, s.label_en, c.item_code),
       count(*) filter (where not was_unsaid and not is_unsaid), count(*) filter (where was_unsaid),
       count(*) filter (where is_unsaid)
from latest as l
join changes as c on c.area_code = l.area_code and c.source_code = l.source_code and c.as_of = l.as_of
left join ref.codes as i on i.list_code = 'ledger_items' and i.code = c.item_code
left join ref.services as s on 'service:' || s.service_code = c.item_code
where c.change_code = 'changed'
group by all
order by max(coalesce(i.sort_order, 1000 + s.sort_order)), 1
"""
PRESENCES = ("first_seen", "first_read", "seen_again", "not_seen", "not_readable")


def stations(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Per area and source: area zh, en; source; date before, date; stations read; stations per `PRESENCES`; stations of
    which something is said otherwise; those of which only more or less is said. Nothing where there is one ledger only."""
    presences = ", ".join(f"count(*) filter (where change_code = '{code}') as n_{code}" for code in PRESENCES)
    shown = ", ".join(f"coalesce(c.n_{code}, 0)" for code in PRESENCES)
    return con.execute(_STATIONS.format(presences=presences, shown=shown)).fetchall()


def items(con: duckdb.DuckDBPyConnection) -> list[tuple]:
    """Per item that changed in the latest ledgers: its name zh, en; stations where it is said otherwise, said for the
    first time, no longer said."""
    return con.execute(_ITEMS).fetchall()


def words(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """The words (zh, en) of `PRESENCES`, in their order."""
    found = con.execute("select code, label_zh, label_en from ref.codes where list_code = 'ledger_changes'").fetchall()
    known = {code: (zh, en) for code, zh, en in found}
    return [known.get(code, (code, code)) for code in PRESENCES]
