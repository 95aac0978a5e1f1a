"""Sentences that a reviewer released, one by one, in place/quotes.toml: nothing else is ever quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from pipeline.clean.surveys.open_answers.matching import topic_finder
from pipeline.clean.surveys.open_answers.open_rows import open_rows
from pipeline.contracts import Wave
from pipeline.contracts.open_answers import UNCODED, OpenAnswers
from pipeline.contracts.quotes import Quote
from pipeline.errors import CONTRACT, Problem, fail

SCHEMA = {
    "wave_code": pl.String, "area_code": pl.String, "question_code": pl.String, "topic_code": pl.String, "quote": pl.String,
    "reviewed_by": pl.String, "reviewed_on": pl.Date,
}  # fmt: skip


def text_hash(text: str) -> str:
    """What `sha256` of a release holds: the SHA-256 of the screened text, in hexadecimal."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


def released_quotes(
    answers: pl.DataFrame, waves: Mapping[str, Wave], codebook: OpenAnswers, quotes: list[Quote]
) -> pl.DataFrame:
    """clean.released_quotes: one row per released sentence, area and topic it falls under (`uncoded` for none).

    Raises exit 11 with every release that matches no stored answer: the text was changed, the screen masks more than
    before, or the wave is gone. A released sentence must be exactly what is stored; the message never repeats it.
    """
    find = topic_finder(codebook)
    rows, stale = [], []
    for quote in quotes:
        wave = waves.get(quote.wave)
        written = open_rows(answers, wave) if wave else answers.head(0)
        written = written.filter(pl.col("question_code") == quote.question)
        texts = written.with_columns(pl.col("value_text").str.strip_chars().alias("text"))
        same = [
            text
            for text in texts["text"].unique().sort().to_list()
            if quote.text == text or quote.sha256 == text_hash(text)
        ]
        if not same:
            stale.append(_stale(quote))
        for area, text in (
            texts.filter(pl.col("text").is_in(same))
            .select("area_code", "text")
            .unique()
            .sort("area_code", "text")
            .iter_rows()
        ):
            codes = find(text) or (UNCODED,)
            rows += [
                (quote.wave, area, quote.question, code, text, quote.reviewed_by, quote.reviewed_on) for code in codes
            ]
    if stale:
        fail(CONTRACT, *stale)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").unique(list(SCHEMA)[:5], keep="first", maintain_order=True)


def _stale(quote: Quote) -> Problem:
    return Problem(
        "quote_stale", quote.where, "放行的原话与库中回答对不上", "the released sentence is no stored answer",
        got=f"{quote.wave} {quote.question}", expected="与隐去个人信息后的回答一字不差 / the screened answer, letter by letter",
        do_zh="请按现在的回答重新核对并改写，或删去这一条", do_en="review it again and write it as it is now stored, or delete it",
    )  # fmt: skip
