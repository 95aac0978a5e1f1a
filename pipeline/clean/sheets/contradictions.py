"""A list and ticks that say the opposite of one thing: nobody but the keeper knows which is right."""

from __future__ import annotations

import polars as pl

from pipeline.contracts import Source

SCHEMA = {"source_row": pl.Int64, "column_name": pl.String, "reason_code": pl.String}


def contradictions(source: Source, rows: pl.DataFrame, headings: dict[str, str]) -> pl.DataFrame:
    """Rows in which a list names what a column of the same table denies (`服务内容` names 充电, `服务项目/充电` is ×):
    source_row, the list's heading, and the reason. Ticked but not listed is no contradiction: a list denies nothing.

    `rows` are typed rows of one sheet; `headings` canonical name → heading.
    """
    found = [pl.DataFrame(schema=SCHEMA)]
    for table in source.tables:
        if not (table.unpivot and table.explode and table.listed in rows.columns and "set" in table.explode):
            continue
        column, group, said = table.listed, table.unpivot["heading_group"], table.explode["set"]
        named = pl.col(column).list.eval(pl.element().struct.field("code"))
        ticks = [name for name in rows.columns if name.startswith(f"{group}/")]
        against = [named.list.contains(name.split("/", 1)[1]) & (pl.col(name) != said) for name in ticks]
        if against:
            both = rows.filter(pl.any_horizontal(*against).fill_null(False))
            heading, reason = pl.lit(headings[column]), pl.lit("contradicting_columns")
            found.append(both.select("source_row", heading.alias("column_name"), reason.alias("reason_code")))
    return pl.concat(found)
