"""What reading saw that is no row's fate: files that nobody claims, and notices worth a person's eye. No cell values."""

from __future__ import annotations

import re

import duckdb

ROUTINE = ("filled_cell", "personal_dropped", "unclaimed_file")  # done as meant, or listed with the unread files
HEADING = 40  # characters of a heading shown; survey questions are long
_UNREAD = """
select s.path, coalesce(r.label_zh, 'unclaimed_file'), coalesce(r.label_en, 'unclaimed_file')
from audit.source_files as s left join audit.reasons as r on r.reason_code = 'unclaimed_file'
where coalesce(s.source_code, '') = '' order by s.path
"""
_SEEN = """
select coalesce(s.path, ''), coalesce(n.source_sheet, ''), coalesce(n.column_name, ''),
       coalesce(r.label_zh, n.reason_code), coalesce(r.label_en, n.reason_code), sum(n.n)
from audit.notices as n
left join audit.source_files as s on s.source_file_id = n.source_file_id
left join audit.reasons as r on r.reason_code = n.reason_code
where not list_contains(?, n.reason_code)
group by all order by 1, 2, 4, 3
"""


def unread(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    """Path and reason (zh, en) of every file that no contract claims."""
    return con.execute(_UNREAD).fetchall()


def seen(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str, str, int | None]]:
    """File, sheet, column, reason (zh, en) and how often, for notices that a person may want to act on."""
    rows = con.execute(_SEEN, [list(ROUTINE)]).fetchall()
    return [(path, sheet, heading(column), zh, en, n) for path, sheet, column, zh, en, n in rows]


def heading(text: str) -> str:
    """A heading as it may be shown: one line, not too long, and without what looks like a number of a person.

    >>> heading("电话 19000000001")
    '电话 …'
    """
    plain = re.sub(r"\S+@\S+|[\dXx]*\d{5,}[\dXx]*", "…", " ".join(text.split()))
    return plain if len(plain) <= HEADING else plain[:HEADING] + "…"
