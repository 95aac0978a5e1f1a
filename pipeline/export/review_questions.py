"""What is left to decide, as rows of a review workbook: read from the audit tables of a warehouse, published or not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb

from pipeline.contracts import Codebook
from pipeline.contracts.codebook import spelled
from pipeline.contracts.review import (
    CANDIDATES,
    CORRECTIONS,
    KINDS,
    LATER,
    OTHER_PLACE,
    PLACES,
    SIMILAR,
    SPELLINGS,
    Question,
)

_KIND_OF = {"union_station": "写的是工会服务站，不是暖心驿站"} | {
    kind: f"写的是{label}" for kind, label in KINDS.items()
}
_WHY = {"name": "按名称", "alias": "按别名", "code": "按编号"}
_NONE = "没有相近的名称：可以填编号"
_UNKNOWN = """
select u.list_code, u.area_code, u.value_text, u.n_rows, u.other_kind, u.reason_code,
       f.path, u.source_sheet, u.source_row, u.column_name
from audit.unknown_values as u join audit.source_files as f using (source_file_id)
where u.is_open
order by u.list_code, u.area_code, u.n_rows desc, f.path, u.source_sheet, u.source_row, u.column_name, u.value_text
"""


def questions(con: duckdb.DuckDBPyConnection, codebooks: dict[str, Codebook]) -> list[Question]:
    """Every question, in the order of the sheets; those about the most rows first."""
    areas = dict(con.sql("select area_code, label_zh from ref.areas").fetchall())
    texts = _texts(con)
    return [
        *(_spelling(key[0], rows, codebooks) for key, rows in texts if key[0] not in KINDS),
        *_places([(key, rows) for key, rows in texts if key[0] in KINDS], con, areas),
        *_similar(con, areas),
        *_corrections(con),
    ]


def _texts(con: duckdb.DuckDBPyConnection) -> list[tuple[tuple, list[dict]]]:
    """The unknown texts; those that are one spelling are one question, under the text that the most rows say."""
    relation = con.sql(_UNKNOWN)
    rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for row in rows:
        area = row["area_code"] if row["list_code"] in KINDS else None
        groups[row["list_code"], area, spelled(row["value_text"])].append(row)
    return sorted(groups.items(), key=lambda item: (item[0][0], item[0][1] or "", -_n(item[1]), item[0][2]))


def _n(rows: list[dict]) -> int:
    return sum(row["n_rows"] for row in rows)


def _where(rows: list[dict]) -> str:
    """The first place that says it, and how many more files, sheets and columns do."""
    first = rows[0]
    sheet = f" [{first['source_sheet']}]" if first["source_sheet"] else ""
    row = "表头" if first["reason_code"] == "unknown_column" else f"第{first['source_row']}行"
    more = f"；另有 {len(rows) - 1} 处" if len(rows) > 1 else ""
    return f"{first['path']}{sheet} {row}「{first['column_name']}」{more}"


def _spelling(list_code: str, rows: list[dict], codebooks: dict[str, Codebook]) -> Question:
    book = codebooks[list_code]
    cells = {"代码表": book.label_zh, "写法": rows[0]["value_text"], "出处": _where(rows), "行数": _n(rows)}
    return Question(SPELLINGS, cells, {"list": list_code}, choices=list_code)


def _places(
    texts: list[tuple[tuple, list[dict]]], con: duckdb.DuckDBPyConnection, areas: dict[str, str]
) -> Iterable[Question]:
    found: dict[tuple, list[tuple]] = defaultdict(list)
    for kind, area, text, *candidate in con.sql(
        "select list_code, area_code, value_text, local_code, name, score, why_code, distance_m from audit.candidates "
        "order by list_code, area_code, value_text, rank"
    ).fetchall():
        found[kind, area, text].append(tuple(candidate))
    for (kind, area, _), rows in texts:
        text, other = rows[0]["value_text"], rows[0]["other_kind"]
        proposed = found[kind, area, text]
        cells = {
            "种类": KINDS[kind], "地区": areas.get(area, area), "写法": text, "出处": _where(rows), "行数": _n(rows),
            "提示": _KIND_OF[other] if other else "" if proposed else _NONE, OTHER_PLACE: OTHER_PLACE, LATER: LATER,
            **{name: f"{code} {label}" for name, (code, label, *_) in zip(CANDIDATES, proposed, strict=False)},
            "相似度与距离": "\n".join(f"{i}）{_likeness(s, m)}，{_WHY[why]}" for i, (_, _, s, why, m) in enumerate(proposed, 1)),
        }  # fmt: skip
        yield Question(PLACES, cells, {"kind": kind, "area": area, "codes": [code for code, *_ in proposed]})


def _likeness(score: int, metres: float | None) -> str:
    """How alike two names are and how far apart the places.

    >>> _likeness(92, 35.0), _likeness(92, None)
    ('相似度 92，相距 35 米', '相似度 92')
    """
    return f"相似度 {score}" + ("" if metres is None else f"，相距 {metres:.0f} 米")


def _similar(con: duckdb.DuckDBPyConnection, areas: dict[str, str]) -> Iterable[Question]:
    for kind, area, one, name, other, other_name, score, metres in con.sql(
        "select list_code, area_code, place_id, name, other_id, other_name, score, distance_m from audit.similar_places "
        "order by score desc, distance_m, place_id, other_id"
    ).fetchall():
        codes = [place_id[len(area) + 1 :] for place_id in (one, other)]
        cells = {
            "种类": KINDS[kind], "地区": areas.get(area, area), "一处": f"{codes[0]} {name}", "另一处": f"{codes[1]} {other_name}",
            "相似度与距离": _likeness(score, metres),
        }  # fmt: skip
        yield Question(SIMILAR, cells, {"kind": kind, "area": area, "codes": codes})


def _corrections(con: duckdb.DuckDBPyConnection) -> Iterable[Question]:
    for source, path, sheet, row, column, old, new, reason in con.sql(
        "select p.source_code, f.path, p.source_sheet, p.source_row, p.column_name, p.old_text, p.new_text, r.label_zh "
        "from audit.proposed_corrections as p join audit.source_files as f using (source_file_id) "
        "join audit.reasons as r using (reason_code) "
        "order by f.path, p.source_sheet, p.source_row, p.rowid"
    ).fetchall():
        cells = {"文件": path, "工作表": sheet, "行": row, "列": column, "现值": old, "建议值": new, "理由": reason}
        yield Question(CORRECTIONS, cells, {"source": source})
