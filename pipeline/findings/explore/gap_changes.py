"""Did need, and need that is not met, change since the wave before? Service by service, where that can be said."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import together
from pipeline.disclose import Disclosure, Protect, disclose, threshold
from pipeline.findings.comparable import first_reason
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.changes import CHANGES, judged_changes
from pipeline.findings.estimating.figures import withhold
from pipeline.findings.estimating.needs import Needs, need_estimates
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import taken
from pipeline.findings.explore.history import off_season, wave_before
from pipeline.findings.explore.words import label, labelled, with_area

KEYS = ("area_code", "wave_code", "measure_code", "service_code")
SIDE = ("est", "se", "lci", "uci", "n_eff")
BEFORE = tuple(f"{name}_before" for name in SIDE)
COUNTS = {"need": "n_need", "unmet": "n_unmet"}
BASIS = Disclosure(keys=KEYS, open=("earlier_wave", "why_not_code", "withheld_code", "withheld_code_before"), protect=(
    Protect(n=("n",), values=(), shares=("est", "lci", "uci"), spread=("se", "n_eff"), numerator="n_chosen", beside=("n_fewest",), basis="respondents"),
    Protect(n=("n_before",), values=(), shares=("est_before", "lci_before", "uci_before"), spread=("se_before", "n_eff_before"),
            numerator="n_chosen_before", beside=("n_fewest_before",), basis="respondents", flag="suppressed_before"),
    Protect(n=("n", "n_before"), values=CHANGES, basis="respondents", flag="suppressed_change"),
))  # fmt: skip


def change_of_gap(con: duckdb.DuckDBPyConnection, choices: Choices, *, earlier: str | None = None) -> pl.DataFrame:
    """Share in need, and in unmet need, of each service now and in an earlier wave (the one just before where none is named).

    A row per measure_code (need, unmet) and service: n, n_chosen, est with se, interval and n_eff; the same with `_before`; change,
    change_se, change_lci, change_uci with the covariance of people who answered both; p_adjusted and is_change (beyond chance, all rows
    of a wave judged together); why_not. No difference where the questions differ between the waves (the reason is said in every row),
    where a service was out of season in either, or where fewer than ten people are on any side.
    """
    parts = [pl.DataFrame(schema=_schema())]
    for area, wave in choices.waves:
        before = earlier or wave_before(con, area, wave)
        why = "no_wave_before" if before is None else first_reason(con, ["need", "met"], before, wave)
        now = _needs(con, choices, area, wave)
        then = None if why else _needs(con, choices, area, str(before))
        off = set(not_evaluable(choices.context)), set() if then is None else off_season(con, choices, str(before))
        rows = _beside(now, then, off[0] | off[1]) if then is not None else _rows(now)
        rows = _in_season(_in_season(rows, ("n_chosen", *SIDE), off[0]), ("n_chosen_before", *BEFORE), off[1])
        parts.append(rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave), earlier_wave=pl.lit(before or ""),
                                       why_not_code=_or_reason(rows, why)))  # fmt: skip
    table = pl.concat(parts, how="diagonal_relaxed").select(list(_schema()))
    shown = disclose(table, BASIS, name="change_of_gap").drop("n_fewest", "n_fewest_before")
    words = [label(choices, "not_comparable", code) if code else "" for code in shown["why_not_code"]]
    shown = shown.with_columns(pl.Series("why_not", words, dtype=pl.String))
    return with_area(labelled(labelled(shown, "service_code", "services", choices), "measure_code", "gap_measures", choices, "measure"),
                     choices)  # fmt: skip


def _needs(con: duckdb.DuckDBPyConnection, choices: Choices, area: str, wave: str) -> Needs:
    sample, persons = taken(con, choices, area, wave)
    return need_estimates(con, sample, None, persons)


def _rows(needs: Needs) -> pl.DataFrame:
    """Both measures of one wave below each other, with the row numbers of its joint estimates."""
    both = together(needs.need, needs.unmet)
    counts = pl.concat(
        needs.counts.select(
            "service_code",
            n=pl.col("n"),
            n_chosen=pl.col(count),
            n_fewest=needs.fewest(measure),
            measure_code=pl.lit(measure),
        )
        for measure, count in COUNTS.items()
    )
    return counts.hstack(withhold(both.table().select("est", "se", "lci", "uci", pl.col("n_eff").round(1))))


def _beside(now: Needs, then: Needs, off_season: set[str]) -> pl.DataFrame:
    """Rows of the later wave with those of the earlier one and the difference; why_not_code where a row has none."""
    on = ["measure_code", "service_code"]
    sides = [_rows(needs).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("_row")) for needs in (now, then)]
    pairs = sides[0].join(sides[1], on=on, how="left", suffix="_before", maintain_order="left").with_row_index("_place")
    pairs = pairs.with_columns(
        why_not_code=pl.when(pl.col("_row_before").is_null()).then(pl.lit("not_asked"))
        .when(pl.col("service_code").is_in(list(off_season))).then(pl.lit("out_of_season"))
        .when(~_enough()).then(pl.lit("few_answers")).otherwise(pl.lit(""))
    )  # fmt: skip
    told = pairs.filter(pl.col("why_not_code") == "")
    changes = judged_changes(
        together(now.need, now.unmet).take(told["_row"].to_numpy()),
        together(then.need, then.unmet).take(told["_row_before"].to_numpy().astype(np.int64)),
        now.sample, then.sample,
    )  # fmt: skip
    changes = told.select("_place").hstack(changes.with_columns(pl.col(CHANGES[:4]).round(4)))
    rows = pairs.join(changes, on="_place", how="left", maintain_order="left").drop("_place", "_row", "_row_before")
    shown = pl.concat_str("withheld_code", "withheld_code_before") == ""  # else only whether it changed stays
    return rows.with_columns(pl.when(shown).then(pl.col(name)).alias(name) for name in CHANGES[:4])


def _enough() -> pl.Expr:
    """Enough people who do, and who do not, in both waves."""
    return pl.min_horizontal("n_fewest", "n_fewest_before").fill_null(0) >= threshold()


def _in_season(rows: pl.DataFrame, names: tuple[str, ...], off_season: set[str]) -> pl.DataFrame:
    """Rows without these figures where a service is out of season."""
    off = pl.col("service_code").is_in(list(off_season))
    return rows.with_columns(pl.when(~off).then(pl.col(name)).alias(name) for name in names if name in rows.columns)


def _or_reason(rows: pl.DataFrame, reason: str | None) -> pl.Expr:
    return pl.lit(reason) if reason else pl.col("why_not_code")


def _schema() -> dict[str, pl.DataType]:
    """Types of the columns before the gate."""
    names = [name for name in BASIS.columns() if not name.startswith("suppressed")]
    text = dict.fromkeys((*KEYS, *BASIS.open), pl.String)
    counts = dict.fromkeys(("n", "n_chosen", "n_fewest", "n_before", "n_chosen_before", "n_fewest_before"), pl.Int64)
    return {
        name: text.get(name) or counts.get(name) or (pl.Boolean if name == "is_change" else pl.Float64)
        for name in names
    }
