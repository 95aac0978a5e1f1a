"""The CSV files of a package → text frames by table of the standard, with what cannot be read told all at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.contracts import hsds
from pipeline.errors import Problem


def read_tables(folder: Path) -> tuple[dict[str, pl.DataFrame], list[Problem]]:
    """Frames of text (an empty cell is null) by table, and problems: files that are missing or cannot be read, required
    columns that are missing. A table with a problem is left out. A column that may be missing is there, empty; columns
    that the standard does not know stay."""
    tables: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    for name, table in hsds.standard().items():
        frame = _read(folder / table.path)
        if isinstance(frame, Problem):
            problems.append(frame)
            continue
        missing = [field for field in table.fields if field not in frame.columns]
        needed = [field for field in missing if field in table.required]
        if needed:
            problems.append(
                invalid(table.path, "缺少必需的列", "required columns are missing", expected=", ".join(needed))
            )
            continue
        tables[name] = frame.with_columns(pl.lit(None, dtype=pl.String).alias(field) for field in missing)
    return tables, problems


def _read(path: Path) -> pl.DataFrame | Problem:
    if not path.is_file():
        return invalid(path.name, "名录里缺少这个文件", "the package lacks this file")
    try:
        frame = pl.read_csv(path.read_bytes(), infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        return invalid(path.name, "无法读取", "it cannot be read", got=type(error).__name__, expected="CSV, UTF-8")
    return frame.with_columns(_as_written(name) for name in frame.columns)


def _as_written(name: str) -> pl.Expr:
    """A cell without the apostrophe that keeps it from becoming a formula; empty is null."""
    text = pl.col(name)
    guarded = text.str.starts_with("'") & text.str.contains(hsds.FORMULA)
    return pl.when(text == "").then(None).when(guarded).then(text.str.slice(1)).otherwise(text).alias(name)


def invalid(where: str, zh: str, en: str, *, got: str = "", expected: str = "") -> Problem:
    """A problem of a package; never a value from a row."""
    return Problem("hsds_invalid", where, zh, en, got, expected,
                   do_zh="请用 python -m pipeline hsds 重新生成，或请发件人改正", do_en="write it again with python -m pipeline hsds, or ask the sender to correct it")  # fmt: skip
