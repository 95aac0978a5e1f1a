"""Which rows of a table are no records: totals, remarks and signatures, group headings, repeated headers, blank rows.

Only a reason is noted. The words are those of Chinese ledgers (formats §3.3); a survey export has no such rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

BLANK = "blank"
TOTAL, REMARK, GROUP, REPEATED = "total_row", "remark_row", "group_row", "repeated_header"

SPACES = r"[\s\u3000\u00a0]"
TOTAL_TEXT = r"(?i)^(?:.{0,12}(?:小计|合计)|总计|共计|全?街道?总计|(?:sub|grand)?-?total)(?:[:：].*|[（(].*[)）])?$"
TOTAL_NEXT = r"^(?:小计|合计|总计|共计)[:：]?$"
REMARK_TEXT = (
    r"(?i)^(?:(?:备注|附?注|说明|注释|填表说明|填报说明|填[表报](?:人|单位|日期|时间)|制表(?:人|单位|日期|时间)?|审[核批](?:人|单位|日期)?|"
    r"复核人?|(?:单位)?负责人(?:签[字名])?|统计人|经办人|联系(?:人|电话|方式)|报送(?:单位|日期|时间)|[数资]据?料?来源|日期|截[至止](?:日期|时间)?|notes?|source)"
    r"[0-9一二三四五]?[:：])|^(?:备注|说明|附?注|平均值?|均值)$|^[*※]"
)
_DIGIT = r"^[0-9０-９]"
_GROUP = r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[)）])|[（(]共?[0-9]{1,5}[个家所处座户名人间处站]*[)）]$"


def is_total(text: str) -> bool:
    """Whether a row that begins with this text is a total.

    >>> is_total("合 计"), is_total("甲站")
    (True, False)
    """
    return bool(re.match(TOTAL_TEXT, "".join(text.split())))


def is_remark(text: str) -> bool:
    """Whether a row that begins with this text is a remark or a signature line.

    >>> is_remark("备注：某"), is_remark("甲站")
    (True, False)
    """
    return bool(re.match(REMARK_TEXT, "".join(text.split())))


def reasons(
    cells: pl.DataFrame,
    *,
    headings: Sequence[str],
    across: Sequence[int] = (),
    covered: dict[int, int] | None = None,
    gap: int | None = None,
    is_numbered: bool | None = None,
) -> pl.Series:
    """For each row null (a record), `blank`, or the reason it is set aside.

    `cells` are a table's rows as text, c0..cN. `across` lists rows (0-based) whose only cell is merged over several columns,
    `covered` how many cells of a row are filled from a vertical merge, `gap` the first row below a blank line near the end
    (where blank lines are no rows); `is_numbered` whether the first column is a running number, where `cells` are only
    some of the rows.
    """
    bare = cells.select(pl.all().str.replace_all(SPACES, "").replace("", None))
    n_columns = bare.width
    row = pl.int_range(pl.len())
    counts = first_column_is_numbers(bare) if is_numbered is None else is_numbered
    n_filled = pl.sum_horizontal(pl.all().is_not_null()).alias("n")
    facts = bare.select(
        n_filled,
        lead=pl.coalesce(pl.all()),
        is_next_total=pl.any_horizontal(pl.nth(range(1, min(3, n_columns))).str.contains(TOTAL_NEXT).fill_null(False))
        if n_columns > 1
        else pl.lit(False),
        is_repeated=_repeats(bare, headings),
        is_across=row.is_in(list(across)),
        is_numbered=pl.lit(counts) & pl.nth(0).is_not_null(),
        n_covered=row.replace_strict(covered or {}, default=0, return_dtype=pl.Int64),
    )
    lone = (pl.col("n") == 1) & (pl.col("n_covered") == 0) & (n_columns > 1)
    alone = lone & (n_columns > 2)
    words = alone & ~pl.col("lead").str.contains(_DIGIT)
    decided = facts.with_columns(
        reason=pl.when(pl.col("n") == 0).then(pl.lit(BLANK))
        .when(pl.col("is_repeated")).then(pl.lit(REPEATED))
        .when(pl.col("lead").str.contains(TOTAL_TEXT) | pl.col("is_next_total")).then(pl.lit(TOTAL))
        .when(pl.col("lead").str.contains(REMARK_TEXT)).then(pl.lit(REMARK))
        .when((alone & pl.col("is_across")) | (lone & pl.col("lead").str.contains(_GROUP))).then(pl.lit(GROUP))
        .when(words & pl.col("is_numbered")).then(pl.lit(GROUP)),
        is_lone_word=lone & ~pl.col("lead").str.contains(_DIGIT),
        is_sentence=words & (pl.col("lead").str.len_chars() >= 8) & pl.col("lead").str.contains(r"[。：:，；]|^[0-9]+[.、]"),
    )  # fmt: skip
    return _remarks_at_the_end(decided, gap)


def _remarks_at_the_end(decided: pl.DataFrame, gap: int | None) -> pl.Series:
    """Below the last record a lone line is a remark, not the heading of a group; below a blank row, whatever it says."""
    rows = decided.with_row_index("i")
    whole = rows.filter(pl.col("reason").is_null() & ~pl.col("is_lone_word"))["i"]
    gaps = rows.filter((pl.col("reason") == BLANK) & (pl.col("i") > (whole[-1] if len(whole) else -1)))["i"]
    first = rows.height if not len(whole) else gap if gap is not None else gaps[0] if len(gaps) else rows.height
    below_gap = (pl.col("i") >= first) & pl.col("is_lone_word")
    kept = rows.filter(pl.col("reason").is_null() & ~pl.col("is_sentence") & ~below_gap)["i"]
    last = kept[-1] if len(kept) else -1
    below = pl.int_range(pl.len()) > last
    reason = pl.when(below & (pl.col("reason") == GROUP)).then(pl.lit(REMARK))
    reason = (
        reason.when(below & pl.col("reason").is_null() & (last >= 0)).then(pl.lit(REMARK)).otherwise(pl.col("reason"))
    )
    return decided.select(reason=reason)["reason"]


def _repeats(bare: pl.DataFrame, headings: Sequence[str]) -> pl.Expr:
    """Whether every filled cell of a row repeats its column's heading (printed again on each page)."""
    names = ["".join(heading.split()) for heading in headings]
    same = [
        pl.col(column).is_null() | (pl.col(column) == name) | (pl.col(column) == name.split("/")[-1])
        for column, name in zip(bare.columns, names, strict=True)
    ]
    return pl.all_horizontal(same) & (pl.sum_horizontal(pl.all().is_not_null()) >= min(3, max(2, bare.width)))


def first_column_is_numbers(bare: pl.DataFrame) -> bool:
    """A running number (序号) in the first column: a lone text there is no record."""
    first = bare.to_series(0).drop_nulls()
    return len(first) >= 3 and first.str.contains(r"^[0-9]+$").mean() >= 0.7
