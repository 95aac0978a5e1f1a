"""Texts that many rows repeat → numbers: what a text means is found once, and rows carry the number.

The same over all blocks of one load: a text keeps its number.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipeline.clean.fates import conform

NUMBERED = (
    "station", "station_name", "event_kind", "service", "user_group", "outcome", "n_visits", "n_persons", "duration_minutes",
)  # fmt: skip
WRITTEN = ("event_id", "used_at", "used_on", "used_time")
TEXTS = {"column_name": pl.String, "text_no": pl.Int64, "sheet_no": pl.Int64, "text": pl.String}


@dataclass
class Coded:
    """The texts of one column, numbered in the order in which they came up; more are added as more rows are read."""

    texts: list[str | None] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)  # the numbers whose texts came up with the last values
    _gaps: set[int] = field(default_factory=set)  # numbers whose texts have only stood in rows that were set aside
    _kind: pl.DataType | None = None
    _first: int = 0

    def codes(self, values: pl.Series) -> pl.Series:
        """The number of each value; null where there is none.

        >>> coded = Coded()
        >>> coded.codes(pl.Series(["甲", None, "乙"])).to_list(), coded.codes(pl.Series(["乙", "丙"])).to_list()
        ([0, None, 1], [1, 2])
        """
        if values.dtype == pl.String:
            own = isinstance(self._kind, pl.Categorical)
            values = values.cast(self._kind if own else pl.Categorical(pl.Categories.random()))
        if values.dtype != self._kind:  # another list of texts: its numbers follow those given so far
            self._kind, self._first = values.dtype, len(self.texts)
        codes = values.to_physical().cast(pl.Int64) + self._first
        self.fresh = []
        most = codes.max()
        if most is not None and (most >= len(self.texts) or self._gaps):
            self._learn(values, codes, int(most))
        return codes

    def _learn(self, values: pl.Series, codes: pl.Series, most: int) -> None:
        news = codes >= len(self.texts)
        if self._gaps:
            news |= codes.is_in(list(self._gaps))
        fresh = values.filter(news).unique()
        numbers = self.fresh = (fresh.to_physical().cast(pl.Int64) + self._first).to_list()
        self._gaps |= set(range(len(self.texts), most + 1))
        self.texts += [None] * (most + 1 - len(self.texts))
        for number, text in zip(numbers, fresh.cast(pl.String).to_list(), strict=True):
            self.texts[number] = text
        self._gaps -= set(numbers)


class Numbering:
    """Rows of text → rows of numbers, and the list of the texts. A number stands for a text in one sheet."""

    def __init__(self, n_sheets: int) -> None:
        self.n_sheets = n_sheets
        self._columns = {name: Coded() for name in NUMBERED}
        self._seen: dict[str, set[int]] = {name: set() for name in NUMBERED}

    def number(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with `sheet_no` and canonical columns (text; some may be absent) → the same with `…_no` for texts that
        repeat. A blank has a number of its own in each sheet."""
        numbered = []
        for name in NUMBERED:
            if name in rows.columns:
                codes = self._columns[name].codes(rows[name])
                numbers = ((codes + 1).fill_null(0) * self.n_sheets + rows["sheet_no"]).cast(pl.Int64)
            else:
                numbers = rows["sheet_no"].cast(pl.Int64)
            if self.n_sheets > 1:
                self._seen[name] |= set(numbers.unique().to_list())
            numbered.append(numbers.alias(f"{name}_no"))
        written = [rows[name] if name in rows.columns else pl.Series(name, [None], dtype=pl.String) for name in WRITTEN]
        plain = pl.DataFrame(numbered).with_columns(rows["sheet_no"].cast(pl.Int64), rows["source_row"].cast(pl.Int64))
        return plain.with_columns(*(column if len(column) != 1 else pl.lit(column.item(), pl.String).alias(column.name) for column in written))  # fmt: skip

    def texts(self) -> pl.DataFrame:
        """Every text so far (TEXTS), ends trimmed, null where blank."""
        parts = []
        for name, coded in self._columns.items():
            numbers = sorted(self._seen[name]) if self.n_sheets > 1 else list(range(len(coded.texts) + 1))
            texts = [
                coded.texts[number // self.n_sheets - 1] if number >= self.n_sheets else None for number in numbers
            ]
            frame = pl.DataFrame({"text_no": numbers, "text": texts}, schema={"text_no": pl.Int64, "text": pl.String})
            parts.append(
                frame.select(
                    pl.lit(name).alias("column_name"),
                    "text_no",
                    (pl.col("text_no") % self.n_sheets).alias("sheet_no"),
                    pl.col("text").str.strip_chars().replace("", None),
                )
            )
        return conform(pl.concat(parts, how="vertical_relaxed"), TEXTS)
