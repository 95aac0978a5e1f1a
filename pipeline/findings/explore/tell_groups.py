"""Sentences on answers and groups: which groups stand apart, which answers first, which small groups off the average."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.findings.estimating.figures import rules
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.said import Said, names_of, nothing_or_why, p_words, say
from pipeline.findings.words import listed, percent

MOST = 6  # names in one sentence


def differences(table: pl.DataFrame, choices: Choices) -> Said:
    """How many differences hold among all answers and groups, and the largest; `table` is `differences(…)`."""
    tested = table.filter(pl.col("p_adjusted").is_not_null())
    if tested.is_empty():
        return nothing_or_why(table, choices)
    if table["by_code"].n_unique() == 2:  # each group is all the others of the other one
        tested = tested.filter(pl.col("by_code") == tested["by_code"].min())
    apart = tested.filter("is_apart")
    figures: dict[str, Any] = {"n_tested": tested.height, "n_apart": apart.height}
    sized = apart.filter(pl.col("difference").is_not_null())
    if sized.is_empty():
        lists = [{"items": _pairs(apart, lang)} for lang in ("zh", "en")]
        return (
            say("differences_unsized", figures | lists[0], lists[1])
            if apart.height
            else say("differences_none", figures)
        )
    row = sized.sort(pl.col("difference").abs(), descending=True, maintain_order=True).row(0, named=True)
    figures |= {"own": percent(row["est"]), "rest": percent(row["rest_est"]), "low": _points(row["difference_lci"]),
                "high": _points(row["difference_uci"])}  # fmt: skip
    words = [{"group": row[f"group_{lang}"], "item": row[f"label_{lang}"]} for lang in ("zh", "en")]
    return say("differences", figures | words[0], words[1])


def association(table: pl.DataFrame, choices: Choices) -> Said:
    """Whether answers depend on the group; `table` is `association(…)`."""
    tested = table.filter(pl.col("p_adjusted").is_not_null())
    if tested.is_empty():
        return nothing_or_why(table, choices)
    related = tested.filter(pl.col("p_adjusted") <= rules()["gap"]["false_discoveries"])
    if tested.height == 1:
        row = tested.row(0, named=True)
        figures = {
            "f": f"{row['statistic']:.2f}",
            "df1": f"{row['df1']:.1f}",
            "df2": f"{row['df2']:.0f}",
            "p": p_words(row["p"]),
        }
        return say("related" if related.height else "unrelated", figures)
    lists = [{"items": names_of(related, choices, side)} for side in (0, 1)]
    return say(
        "related_items" if related.height else "related_none",
        {"n_items": tested.height, "n_related": related.height} | lists[0],
        lists[1],
    )


def order(table: pl.DataFrame, choices: Choices) -> Said:
    """Which answers may be the first, and which stand clear of the average answer; `table` is `order(…)` of one item."""
    ranked = table.filter(pl.col("rank_from").is_not_null())
    if ranked.is_empty():
        return nothing_or_why(table, choices)
    first = ranked.filter(pl.col("rank_from") == 1)
    tiers = {side: ranked.filter(pl.col("tier_code") == f"clearly_{side}") for side in ("above", "below")}
    lists = [
        {
            "first": names_of(first, choices, side),
            **{name: names_of(part, choices, side) for name, part in tiers.items()},
        }
        for side in (0, 1)
    ]
    figures = {"n_items": ranked.height, "n_open": ranked.height - tiers["above"].height - tiers["below"].height}
    return say("order_one" if first.height == 1 else "order_several", figures | lists[0], lists[1])


def small_groups(table: pl.DataFrame, choices: Choices) -> Said:
    """Which groups stand clear of the average, and how many cannot be told or have too few answers; `table` is `small_groups(…)`."""
    if table.is_empty():
        return nothing_or_why(table, choices)
    parts = {side: table.filter(pl.col("tier_code") == f"clearly_{side}") for side in ("above", "below")}
    told = table.filter(pl.col("tier_code").is_not_null())
    one = table["label_zh"].n_unique() == 1
    lists = [
        {name: _groups(part, lang) if one else _pairs(part, lang) for name, part in parts.items()}
        | {"item": table[f"label_{lang}"][0]}
        for lang in ("zh", "en")
    ]
    figures = {"n_rows": table.height, "n_open": told.height - parts["above"].height - parts["below"].height,
               "n_few": table.filter(pl.col("withheld_code") == "small_sample").height}  # fmt: skip
    clear = parts["above"].height + parts["below"].height
    case = "small_groups" if one else "small_groups_items"
    return say(case if clear else f"{case}_none", figures | lists[0], lists[1])


def _groups(part: pl.DataFrame, lang: str) -> str:
    return _short(part[f"group_{lang}"].to_list(), lang)


def _pairs(part: pl.DataFrame, lang: str) -> str:
    """Groups with the answer they are named for."""
    pair = "{}“{}”" if lang == "zh" else "{} on “{}”"
    return _short(
        [pair.format(group, item) for group, item in part.select(f"group_{lang}", f"label_{lang}").rows()], lang
    )


def _short(names: list[str], lang: str) -> str:
    """The first names as a list, with how many more there are; the word for none."""
    more = len(names) - MOST
    shown = listed(names[:MOST], lang) or {"zh": "无", "en": "none"}[lang]
    return shown if more <= 0 else shown + (f"等{len(names)}项" if lang == "zh" else f" and {more} more")


def _points(value: float) -> str:
    """A difference of shares in points, signed."""
    return f"{100 * value:+.0f}"
