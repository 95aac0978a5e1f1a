"""Words beside figures of use: terms of a model, a figure with its interval, why there is none."""

from __future__ import annotations

import polars as pl

from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.words import label, notebook_words


def term_label(choices: Choices, term: str, lang: str | None = None) -> str:
    """The words for a term of the model (metadata/notebook_words.toml, lists.use_terms); a weekday is set against Monday."""
    name, _, level = term.partition("=")
    words = label(choices, "use_terms", name, lang)
    if name != "weekday":
        return words
    return words.format(day=notebook_words()["weekdays"][lang or choices.context.lang][int(level or 1) - 1])


def with_words(table: pl.DataFrame, choices: Choices) -> pl.DataFrame:
    """Adds to a disclosed table `figure` (est with its interval as text), `reason` (why there is none) and `is_evaluable`."""
    texts = [with_interval(*row) for row in table.select("est", "lci", "uci").iter_rows()]
    reasons = [label(choices, "use_reasons", code) if code else "" for code in table["reason_code"]]
    return table.with_columns(
        pl.Series("figure", texts, dtype=pl.String), pl.Series("reason", reasons, dtype=pl.String),
        (pl.col("est").is_not_null() | (pl.col("reason_code").fill_null("") == "") | pl.col("suppressed")).alias("is_evaluable"),
    )  # fmt: skip


def with_interval(est: float | None, lower: float | None, upper: float | None) -> str | None:
    """A figure with its interval as text.

    >>> with_interval(1.043, 1.012, 1.0752), with_interval(12.96, 11.4, 14.84), with_interval(None, None, None)
    ('1.04 (1.01–1.08)', '13.0 (11.4–14.8)', None)
    """
    if est is None:
        return None
    digits = 2 if est < 10 else 1
    return f"{est:.{digits}f}" + (
        f" ({lower:.{digits}f}–{upper:.{digits}f})" if lower is not None and upper is not None else ""
    )
