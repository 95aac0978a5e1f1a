"""clean.answer_topics: what open answers are about, one row per respondent, question and topic."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.open_answers.matching import topic_finder
from pipeline.clean.surveys.open_answers.open_rows import open_rows
from pipeline.contracts import Wave
from pipeline.contracts.open_answers import UNCODED, OpenAnswers

COLUMNS = (
    "wave_code", "respondent_id", "area_code", "question_code", "topic_code", "source_file_id", "source_sheet", "source_row",
)  # fmt: skip


def code_open_answers(answers: pl.DataFrame, wave: Wave, codebook: OpenAnswers) -> pl.DataFrame:
    """The topics of the open answers of one wave.

    `answers` are rows of clean.answers (other waves may stand among them). A respondent has a question's topic once,
    however often it is named there; one whose texts fall under no topic has the row `uncoded`. Deterministic: the same
    texts and codebook give the same rows in the same order.
    """
    written = open_rows(answers, wave)
    find = topic_finder(codebook)
    texts = written["value_text"].unique().sort().to_list()
    found = pl.DataFrame(
        {"value_text": texts, "topic_code": [list(find(text)) or [None] for text in texts]},
        schema={"value_text": pl.String, "topic_code": pl.List(pl.String)},
    )
    coded = written.join(found, on="value_text", how="left", maintain_order="left")
    coded = coded.explode("topic_code").sort("source_row", maintain_order=True)
    key = ["wave_code", "respondent_id", "question_code"]
    is_coded = pl.col("topic_code").is_not_null().any().over(key)
    coded = coded.with_columns(pl.when(is_coded).then("topic_code").otherwise(pl.lit(UNCODED)).alias("topic_code"))
    coded = coded.drop_nulls("topic_code").unique([*key, "topic_code"], keep="first", maintain_order=True)
    return coded.select(COLUMNS)
