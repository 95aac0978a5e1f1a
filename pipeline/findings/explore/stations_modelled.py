"""An answer's share by station, borrowing also from open hours and recorded use: for researchers with thirty stations or more."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect, disclose, threshold
from pipeline.findings.answers import given_answers
from pipeline.findings.estimating.modelled import MODELLED, modelled_rows
from pipeline.findings.estimating.tables import EXACT, FIGURES
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import taken
from pipeline.findings.explore.survey import asking
from pipeline.findings.explore.words import empty, label

KEYS = ("area_code", "wave_code", "by_code")


def stations_modelled(con: duckdb.DuckDBPyConnection, choices: Choices, variable: str, answer: str) -> pl.DataFrame:
    """Share giving one `answer` at each station: of its own answers, and by a Fay-Herriot model of open hours and recorded visits.

    Columns: n, n_chosen, est with se, interval, band, n_eff; modelled_est with its interval, own_weight (1: its own answers alone);
    withheld_code (`small_sample` below ten answers, `few_areas` where fewer than thirty stations can be modelled). A station of few
    answers is hidden, whatever the model makes of it.
    """
    parts = []
    for area, wave in asking(con, choices, variable):
        sample, persons = taken(con, choices, area, wave)
        given = given_answers(con, wave, variable).join(persons, on="person", how="semi")
        rows, model = modelled_rows(con, sample, given, answer, choices.context.period)
        few = pl.when(pl.lit(model is None)).then(pl.lit("few_areas")).otherwise(pl.col("withheld_code"))
        parts.append(rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave), withheld_code=few))
    if not parts:
        return empty(*KEYS, "withheld_code").with_columns(
            pl.lit(None, pl.Float64).alias(n) for n in (*MODELLED, "own_weight")
        )
    table = pl.concat(parts).with_columns(
        withheld_code=pl.when(pl.col("n") < threshold()).then(pl.lit("small_sample")).otherwise(pl.col("withheld_code"))
    )
    basis = Disclosure(keys=KEYS, open=("withheld_code",), protect=(
        Protect(n=("n",), values=("own_weight",), shares=(*FIGURES, *MODELLED), spread=EXACT, numerator="n_chosen",
                basis="respondents", within=KEYS[:2]),))  # fmt: skip
    shown = disclose(table.drop("item_code", "answer_code"), basis, name="stations_modelled")
    names = [label(choices, "withheld", code) if code else None for code in shown["withheld_code"]]
    return shown.with_columns(pl.Series("why", names, dtype=pl.String)).sort(*KEYS)
