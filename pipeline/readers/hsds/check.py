"""Whether the tables of a package keep the standard's rules: required cells, kinds of value, choices, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.contracts import hsds
from pipeline.errors import Problem
from pipeline.readers.hsds.tables import invalid

# What a cell of each kind looks like, where the standard's type says more than "text".
SHAPES = {
    "uuid": r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
    "number": r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$",
    "date": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$",
    "time": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d{2}:\d{2})?$",
    "email": r"^\S+@\S+$",
    "uri": r"^[a-zA-Z][a-zA-Z0-9+.-]*:\S+$",
}
# Fields that hold an id of whichever table another field names.
LINKS = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}


def problems_of(tables: Mapping[str, pl.DataFrame]) -> list[Problem]:
    """Every rule of the standard that a package breaks: file, column, in how many rows and first in which line."""
    ids = {name: frame["id"] for name, frame in tables.items()}
    return [
        problem
        for name, frame in tables.items()
        for problem in [*_cells(hsds.standard()[name], frame), *_references(hsds.standard()[name], frame, ids)]
    ]


def _cells(table: hsds.Standard, frame: pl.DataFrame) -> Iterator[Problem]:
    for name in table.fields:
        cell = pl.col(name)
        if name in table.required:
            yield from _rows(table, frame, name, cell.is_null(), ("必填的单元格是空的", "a required cell is empty"))
        if name in table.unique:
            yield from _rows(table, frame, name, cell.is_duplicated() & cell.is_not_null(), ("重复", "not unique"))
        if table.types.get(name) in SHAPES:
            shape = SHAPES[table.types[name]]
            yield from _rows(
                table, frame, name, ~cell.str.contains(shape), ("格式不对", "not of its kind"), table.types[name]
            )
        if name in table.choices:
            allowed = table.choices[name]
            yield from _rows(
                table,
                frame,
                name,
                ~cell.is_in(allowed),
                ("取值不在清单里", "not one of the choices"),
                " / ".join(allowed),
            )


def _references(table: hsds.Standard, frame: pl.DataFrame, ids: Mapping[str, pl.Series]) -> Iterator[Problem]:
    for name, there in table.refers.items():
        if there in ids:
            nowhere = ~pl.col(name).is_in(ids[there].implode())
            yield from _rows(
                table, frame, name, nowhere, ("指向的行不存在", "points to a row that is not there"), f"{there}.id"
            )
    if table.name in LINKS:
        field, entity = LINKS[table.name]
        for (there,), part in frame.with_row_index("_line", offset=2).group_by(entity, maintain_order=True):
            if str(there) in hsds.standard() and there not in ids:
                continue  # the file is missing, and told
            known = ids.get(str(there), pl.Series([], dtype=pl.String))
            nowhere = ~pl.col(field).is_in(known.implode())
            yield from _rows(
                table, part, field, nowhere, ("指向的行不存在", "points to a row that is not there"), f"{there}.id"
            )


def _rows(
    table: hsds.Standard, frame: pl.DataFrame, name: str, wrong: pl.Expr, words: tuple[str, str], expected: str = ""
) -> Iterator[Problem]:
    """One problem for all rows in which a column is wrong. Lines are counted as records: a header, then one each."""
    numbered = frame if "_line" in frame.columns else frame.with_row_index("_line", offset=2)
    lines = numbered.filter(wrong.fill_null(False))["_line"]
    if lines.len():
        yield invalid(
            f"{table.path} · {name} · 第 {lines[0]} 行 row {lines[0]}",
            *words,
            got=f"× {lines.len()}",
            expected=expected,
        )
