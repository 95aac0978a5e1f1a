"""Texts that many rows repeat → numbers: what a text means is found once, and rows carry one number for all they say.

The same over all blocks of one load: a text keeps its number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline.clean.fates import conform

NUMBERED = (
    "station", "station_name", "event_kind", "service", "user_group", "outcome", "n_visits", "n_persons", "duration_minutes",
)  # fmt: skip
WRITTEN = ("event_id", "used_at", "used_on", "used_time")
TEXTS = {"column_name": pl.String, "text_no": pl.Int64, "sheet_no": pl.Int64, "text": pl.String}
_MOST = 1 << 22  # combinations that are still counted rather than sorted


@dataclass
class Coded:
    """The texts of one column, numbered in the order in which they came up; more are added as more rows are read."""

    texts: list[str | None] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)  # the numbers whose texts came up with the last values
    _gaps: set[int] = field(default_factory=set)  # numbers whose texts have only stood in rows that were set aside
    _kind: pl.DataType | None = None
    _first: int = 0

    def codes(self, values: pl.Series) -> np.ndarray:
        """The number of each value plus one; 0 where there is none.

        >>> coded = Coded()
        >>> coded.codes(pl.Series(["甲", None, "乙"])).tolist(), coded.codes(pl.Series(["乙", "丙"])).tolist()
        ([1, 0, 2], [2, 3])
        """
        if values.dtype == pl.String:
            own = isinstance(self._kind, pl.Categorical)
            values = values.cast(self._kind if own else pl.Categorical(pl.Categories.random()))
        if values.dtype != self._kind:  # another list of texts: its numbers follow those given so far
            self._kind, self._first = values.dtype, len(self.texts)
        physical = values.to_physical()
        codes = physical.fill_null(np.iinfo(np.uint32).max).to_numpy().astype(np.uint32, copy=False) + np.uint32(
            self._first + 1
        )  # null + 1 wraps to 0
        if self._first and physical.null_count():
            codes = np.where(physical.is_null().to_numpy(), np.uint32(0), codes)
        self.fresh = []
        most = int(codes.max(initial=0)) - 1
        if most >= len(self.texts) or (self._gaps and most >= 0):
            self._learn(values, codes, most)
        return codes

    def _learn(self, values: pl.Series, codes: np.ndarray, most: int) -> None:
        news = codes > len(self.texts)
        if self._gaps:
            news |= np.isin(codes, np.fromiter((gap + 1 for gap in self._gaps), dtype=np.uint32))
        fresh = values.filter(pl.Series(news)).unique()
        numbers = self.fresh = (fresh.to_physical().cast(pl.Int64) + self._first).to_list()
        self._gaps |= set(range(len(self.texts), most + 1))
        self.texts += [None] * (most + 1 - len(self.texts))
        for number, text in zip(numbers, fresh.cast(pl.String).to_list(), strict=True):
            self.texts[number] = text
        self._gaps -= set(numbers)


class Numbering:
    """Rows of text → rows with one number for all their repeating texts, the list of the texts, and what each number
    stands for. A text's number stands for the text in one sheet."""

    def __init__(self, n_sheets: int) -> None:
        self.n_sheets = n_sheets
        self._columns = {name: Coded() for name in NUMBERED}

    def number(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """`rows` with `sheet_no` and canonical columns (text; some may be absent) → `(numbered, combinations, texts)`:
        `said_no, source_row` and the columns that are read row by row; for each `said_no` the number of each text; and the
        texts that stand in these rows (TEXTS), ends trimmed, null where blank."""
        said, parts = _combined({"sheet": rows["sheet_no"].to_numpy()} | self._codes(rows))
        combinations = {
            "said_no": np.arange(len(next(iter(parts.values()))), dtype=np.int32),
            "sheet_no": parts["sheet"],
        }
        for name in NUMBERED:
            codes = parts.get(name, np.zeros(1, dtype=np.int64))
            combinations[f"{name}_no"] = codes * self.n_sheets + parts["sheet"]
        frame = pl.DataFrame(combinations).with_columns(pl.exclude("said_no").cast(pl.Int64))
        written = [pl.col(name) if name in rows.columns else pl.lit(None, pl.String).alias(name) for name in WRITTEN]
        numbered = rows.select(pl.Series("said_no", said), pl.col("source_row").cast(pl.Int32), *written)
        return numbered, frame, self._texts(frame)

    def _codes(self, rows: pl.DataFrame) -> dict[str, np.ndarray]:
        return {name: self._columns[name].codes(rows[name]) for name in NUMBERED if name in rows.columns}

    def _texts(self, combinations: pl.DataFrame) -> pl.DataFrame:
        parts = []
        for name, coded in self._columns.items():
            numbers = combinations[f"{name}_no"].unique().sort().to_list()
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


def _combined(codes: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """One number for each row's combination of numbers, counted from 0 without gaps, and the parts of each combination.

    >>> said, parts = _combined({"a": np.array([1, 0, 1, 1]), "b": np.array([2, 2, 0, 2])})
    >>> said.tolist(), parts["a"].tolist(), parts["b"].tolist()
    ([2, 0, 1, 2], [0, 1, 1], [2, 0, 2])
    """
    bases = {name: int(values.max(initial=0)) + 1 for name, values in codes.items()}
    wide = np.int32 if math.prod(bases.values()) < 2**31 else np.int64  # narrow numbers are half the memory to move
    said, n, waiting, parts = np.zeros(len(next(iter(codes.values()))), dtype=wide), 1, [], {}
    for name, base in bases.items():
        if n * base > _MOST and waiting:  # too many to count: keep those that occur, and go on from there
            said, n, parts = _occurring(said, n, waiting, bases, parts)
            waiting = []
        if base > 1:
            said *= base
            said += codes[name].astype(wide, copy=False)
            n *= base
        waiting.append(name)
    said, n, parts = _occurring(said, n, waiting, bases, parts)
    return said.astype(np.int32, copy=False), parts


def _occurring(
    said: np.ndarray, limit: int, waiting: list[str], bases: dict[str, int], before: dict[str, np.ndarray]
) -> tuple[np.ndarray, int, dict[str, np.ndarray]]:
    """Numbers below `limit` → their ranks among those that occur, how many these are, and their parts."""
    if limit > _MOST:
        kept, ranks = np.unique(said, return_inverse=True)
    else:
        occurs = np.zeros(limit, dtype=bool)
        occurs[said] = True
        kept = np.flatnonzero(occurs)
        ranks = (np.cumsum(occurs, dtype=said.dtype) - 1)[said]
    parts, rest = {}, kept
    for name in reversed(waiting):
        parts[name], rest = rest % bases[name], rest // bases[name]
    return ranks, len(kept), {name: values[rest] for name, values in before.items()} | parts
