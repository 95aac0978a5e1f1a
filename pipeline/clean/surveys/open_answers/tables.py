"""The tables made of all open answers of a study: read this first."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.clean.surveys.open_answers.coding import code_open_answers
from pipeline.clean.surveys.open_answers.quotes import released_quotes
from pipeline.clean.surveys.open_answers.words import uncoded_words
from pipeline.contracts import Wave
from pipeline.contracts.open_answers import OpenAnswers
from pipeline.contracts.quotes import Quote


def open_answer_tables(
    answers: pl.DataFrame, waves: Mapping[str, Wave], codebook: OpenAnswers, quotes: list[Quote]
) -> dict[str, pl.DataFrame]:
    """clean.answer_topics, clean.released_quotes and audit.uncoded_words of every wave, from clean.answers.

    Raises exit 11 with every release of place/quotes.toml that matches no stored answer.
    """
    return {
        "clean.answer_topics": pl.concat([code_open_answers(answers, wave, codebook) for wave in waves.values()]),
        "clean.released_quotes": released_quotes(answers, waves, codebook, quotes),
        "audit.uncoded_words": pl.concat([uncoded_words(answers, wave, codebook) for wave in waves.values()]),
    }
