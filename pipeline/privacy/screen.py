"""Free text without personal values: screened before anything is stored, once per distinct text."""

from __future__ import annotations

import polars as pl

from pipeline.privacy import addresses, patterns
from pipeline.privacy.names import without_names
from pipeline.privacy.signs import BREAK, HIDDEN, MASK

_MAY_HOLD_FORM = r"[\p{Nd}@＠A-Za-zＡ-Ｚａ-ｚ一二三四五六七八九〇零幺壹①-⑨]|昵称|网名|[名号]|住|家|址|镇|乡"
_MAY_HOLD_NAME = r"\p{Han}[\p{Han}·•]"
_SIDE_BY_SIDE = rf"{HIDDEN}(?:[ ,，、/]{{0,2}}{HIDDEN})+"


def screen_text(values: pl.Series) -> pl.Series:
    """Free text with names, telephones, plates, addresses, identity numbers, accounts, nicknames, addresses on the net
    and ids masked. Missing stays missing; screening twice is screening once.

    >>> screen_text(pl.Series(["电话 19000000001 谢谢", "王府井站太远", None])).to_list()
    ['电话 〔已隐去〕 谢谢', '王府井站太远', None]
    """
    texts = pl.DataFrame({"text": values.cast(pl.String)})
    distinct = texts["text"].drop_nulls().unique()
    if distinct.is_empty():
        return texts["text"].alias(values.name)
    known = pl.DataFrame({"text": distinct, "screened": _screen(distinct)})
    return texts.join(known, on="text", how="left", maintain_order="left")["screened"].alias(values.name)


def _screen(distinct: pl.Series) -> pl.Series:
    """Every text until nothing more is found in it: a mask may bring two neighbours together."""
    shown = distinct.str.replace_all(f"[{HIDDEN}{BREAK}]", " ").str.replace_all(MASK, HIDDEN, literal=True)
    table = pl.DataFrame({"text": shown.unique()}).with_columns(now=pl.col("text"), open=pl.lit(True))
    while table["open"].any():
        opened = table.filter("open")
        after = _once(opened["now"])
        opened = opened.with_columns(open=after != opened["now"], now=after)
        table = pl.concat([table.filter(~pl.col("open")), opened])
    known = pl.DataFrame({"text": shown}).join(table, on="text", how="left", maintain_order="left")
    return known["now"].str.replace_all(HIDDEN, MASK, literal=True)


def _once(texts: pl.Series) -> pl.Series:
    """One pass over distinct texts: what has a form, then names."""
    formed = texts.str.contains(_MAY_HOLD_FORM)
    after = texts.to_frame("text").with_columns(
        text=pl.when(formed).then(_without_forms(pl.col("text"))).otherwise(pl.col("text"))
    )["text"]
    named = after.str.contains(_MAY_HOLD_NAME)
    found = {text: without_names(text) for text in after.filter(named).unique().to_list()}
    after = after.replace(list(found), list(found.values())) if found else after
    return after.str.replace_all(_SIDE_BY_SIDE, HIDDEN)


def _without_forms(text: pl.Expr) -> pl.Expr:
    for pattern, kept in (*patterns.HARMLESS, *addresses.HARMLESS):
        text = text.str.replace_all(pattern, kept)
    for pattern in (*patterns.PATTERNS, *addresses.ADDRESSES):
        text = text.str.replace_all(pattern, HIDDEN)
    return text.str.replace_all(BREAK, "", literal=True)
