"""Words that answers without a topic have in common: what a reviewer may turn into keywords. Never a text."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.open_answers.matching import topic_finder
from pipeline.clean.surveys.open_answers.open_rows import open_rows
from pipeline.contracts import Wave
from pipeline.contracts.open_answers import OpenAnswers
from pipeline.privacy import MASK, screen_text
from pipeline.privacy.segmenter import cut

SCHEMA = {"wave_code": pl.String, "area_code": pl.String, "question_code": pl.String, "word": pl.String, "n_respondents": pl.Int64}  # fmt: skip


def uncoded_words(answers: pl.DataFrame, wave: Wave, codebook: OpenAnswers) -> pl.DataFrame:
    """Words of two letters and more in texts without a topic, written by at least as many respondents of an area as may be
    shown, most frequent first: wave_code, area_code, question_code, word, n_respondents. Words that look personal are left out."""
    find = topic_finder(codebook)
    written = open_rows(answers, wave)
    texts = [text for text in written["value_text"].unique().sort().to_list() if not find(text)]
    words = pl.DataFrame(
        {
            "value_text": texts,
            "word": [sorted({w for w in cut(text.replace(MASK, " ")) if _is_word(w)}) for text in texts],
        },
        schema={"value_text": pl.String, "word": pl.List(pl.String)},
    )
    counted = (
        written.join(words, on="value_text", how="inner")
        .explode("word")
        .drop_nulls("word")
        .group_by("wave_code", "area_code", "question_code", "word")
        .agg(pl.col("respondent_id").n_unique().cast(pl.Int64).alias("n_respondents"))
        .filter(pl.col("n_respondents") >= codebook.fewest)
    )
    counted = counted.filter(screen_text(counted["word"]) == counted["word"])
    return counted.select(list(SCHEMA)).sort(
        "wave_code",
        "area_code",
        "question_code",
        "n_respondents",
        "word",
        descending=[False, False, False, True, False],
    )


def _is_word(word: str) -> bool:
    return len(word) > 1 and all("\u4e00" <= letter <= "\u9fff" for letter in word)
