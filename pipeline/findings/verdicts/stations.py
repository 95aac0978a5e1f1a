"""Verdicts of stations × services: the evidence of the marts through the steps of analysis.verdicts, area by area.

Every function here takes the rows of one area (stations × services) and adds the columns of one step.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
from scipy.special import expit, logit

from pipeline.analysis.verdicts.given import looked_log_odds, presence, there_log_odds
from pipeline.analysis.verdicts.known import Use, fit_use, met_log_odds
from pipeline.analysis.verdicts.reasons import station_reasons
from pipeline.analysis.verdicts.rules import Rules
from pipeline.analysis.verdicts.tree import Steps, chances, verdicts
from pipeline.analysis.verdicts.works import facility_log_odds, outcome_log_odds, stock_out_log_odds, works
from pipeline.disclose import threshold
from pipeline.findings.context import not_evaluable
from pipeline.findings.finding import Context
from pipeline.findings.verdicts.evidence import station_evidence
from pipeline.findings.verdicts.need import judged_by_use, with_need
from pipeline.findings.verdicts.settings import verdict_rules
from pipeline.findings.verdicts.shares import Shares

EVEN = 0.5  # as likely as not
UNSURPRISING = -1.0  # log odds: fewer uses than this says little


def station_rows(con: duckdb.DuckDBPyConnection, context: Context, shares: Shares | None) -> pl.DataFrame:
    """One row per area, station and service: the evidence, what each kind of it says, the chance of every step, the verdict."""
    rules = verdict_rules()
    rows = with_need(station_evidence(con, context, rules), shares, rules.need)
    rows = rows.with_columns(is_evaluable=~pl.col("service_code").is_in(not_evaluable(context)))
    parts = [_of_area(part, shares, rules) for _, part in rows.group_by("area_code", maintain_order=True)]
    return pl.concat(parts) if parts else rows


def _of_area(rows: pl.DataFrame, shares: Shares | None, rules: Rules) -> pl.DataFrame:
    rows = _with_works(rows, rules)
    rows, use = _with_use(rows, rules)
    rows = judged_by_use(_with_presence(rows, rules), use, shares, rules.need)
    return _with_verdict(_with_known(rows, use, rules), rules)


def _number(rows: pl.DataFrame, name: str) -> np.ndarray:
    """A column as floats, NaN for null."""
    return rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _codes(rows: pl.DataFrame, name: str) -> np.ndarray:
    """The values of a column numbered 0, 1, … in their order."""
    return (rows[name].rank("dense").cast(pl.Int64) - 1).to_numpy()


def _with_works(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Checks, facilities, outcomes of requests, and stock-outs of the services for which any are noted; p_works, works_a, works_b."""
    served, unserved = _number(rows, "served"), _number(rows, "unserved")
    stocks = stock_out_log_odds(_number(rows, "hours_out"), _number(rows, "hours_open"), rules.works)
    noted = (
        rows.select(pl.col("hours_out").fill_null(0).sum().over("area_code", "service_code") > 0).to_series().to_numpy()
    )
    told = {
        "facilities": facility_log_odds(
            _number(rows, "n_facilities"), _number(rows, "n_facilities_working"), rules.works
        ),
        "outcomes": outcome_log_odds(served, unserved, rules.works),
        "stocks": np.where(noted, stocks, 0.0),
    }
    total = _number(rows, "told_checks") + sum(told.values())
    looks = _number(rows, "checks_weight") + (told["facilities"] != 0) + (np.nan_to_num(served + unserved) >= 1)
    service = _codes(rows, "service_code")
    made = works(total, looks, service, _number(rows, "is_offered") == 1, int(service.max()) + 1, rules.works)
    columns = {"p_works": made.probability, "works_a": made.a, "works_b": made.b}
    columns |= {f"told_{name}": values for name, values in told.items()}
    return rows.with_columns(pl.Series(name, values) for name, values in columns.items())


def _with_use(rows: pl.DataFrame, rules: Rules) -> tuple[pl.DataFrame, Use]:
    """Use learnt from pairs that are there and work; n_requests, and n_expected where people know of the service."""
    station, service = _codes(rows, "station_id"), _codes(rows, "service_code")
    rows = rows.with_columns(n_requests=pl.col("served") + pl.col("unserved"))
    undeclared = pl.col("served") >= rules.given.served_from
    there = (
        pl.when("is_offered").then(pl.col("p_works") >= EVEN).otherwise(undeclared) & pl.col("n_requests").is_not_null()
    )
    kept = rows.select(there.fill_null(False)).to_series().to_numpy()
    shape = int(station.max()) + 1, int(service.max()) + 1
    use = fit_use(_number(rows, "n_requests")[kept], station[kept], service[kept], shape, rules.known)
    return rows.with_columns(pl.Series("n_expected", use.expected(station, service)).fill_nan(None)), use


def _with_presence(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """p_declared, and p_given if it is not declared."""
    total = rows.select(pl.col("served").sum().over("station_id")).to_series().to_numpy()
    told = there_log_odds(_number(rows, "served"), _number(rows, "n_expected"), total, rules.given)
    stands = (pl.col("checks_weight") > 0) | (pl.col("n_facilities").fill_null(0) > 0)
    looked = rows.select(stands.alias("here"), stands.any().over("station_id").alias("station"))
    by_looks = looked_log_odds(looked["here"].to_numpy(), looked["station"].to_numpy(), rules.declared)
    all_blank = rows.select(pl.col("is_offered").is_null().all().over("station_id").cast(pl.Int64)).to_series()
    kinds = _codes(rows, "service_code"), all_blank.to_numpy()
    made = presence(_number(rows, "is_offered"), told, by_looks, kinds, (rules.declared, rules.given))
    return rows.with_columns(pl.Series("p_declared", made.declared), pl.Series("p_given", made.given))


def _with_known(rows: pl.DataFrame, use: Use, rules: Rules) -> pl.DataFrame:
    """p_known: use, and the answers at stations that enough respondents name, against those wherever the service works."""
    here = pl.col("is_offered").fill_null(False) & (pl.col("p_works") >= EVEN)
    sums = (pl.col(name).filter(here).sum().over("service_code").cast(pl.Float64) for name in ("n_met", "n_judged"))
    usual = rows.select(next(sums) / next(sums)).to_series().fill_nan(None).fill_null(0.0).to_numpy()
    enough = _number(rows, "n") >= rules.need.station_from
    met, judged = (np.where(enough, _number(rows, name), np.nan) for name in ("n_met", "n_judged"))
    by_use = use.log_odds(_number(rows, "n_requests"), _number(rows, "n_expected"))
    by_answers = met_log_odds(met, judged, usual, rules.known)
    known = expit(logit(1 - use.little_share) + by_use + by_answers)
    columns = {"told_use": by_use, "told_met": by_answers, "p_known": known}
    return rows.with_columns(pl.Series(name, values) for name, values in columns.items())


def _with_verdict(rows: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """verdict_code, probability and reasons."""
    needed = rows["p_needed"].fill_null(rules.need.assumed).to_numpy()
    steps = Steps(needed, *(_number(rows, f"p_{name}") for name in ("declared", "given", "works", "known")))
    codes, probability = verdicts(chances(steps), is_missing(rows))
    rows = rows.with_columns(
        pl.Series("verdict_code", codes, pl.String), pl.Series("probability", probability).fill_nan(None)
    )
    return rows.with_columns(station_reasons(rows, doubles=rules.reasons.doubles, few=threshold()))


def is_missing(rows: pl.DataFrame) -> np.ndarray:
    """Where what decides is missing: out of season; need unknown of what is not there; or, if it may be needed: the ledger is silent and
    there is no log; it is declared and nobody looked, neither checks nor facilities, and no request is on record where none would surprise.
    """
    absent = (pl.col("p_declared") < EVEN) & (pl.col("p_given") < EVEN)
    silent = pl.col("is_offered").is_null() & pl.col("served").is_null()
    unasked = (pl.col("n_requests").fill_null(0) == 0) & (pl.col("told_use") > UNSURPRISING)
    unseen = (
        pl.col("is_offered") & (pl.col("checks_weight") == 0) & (pl.col("n_facilities").fill_null(0) == 0) & unasked
    )
    undecided = (pl.col("p_needed").fill_null(1.0) >= EVEN) & (silent | unseen.fill_null(False))
    missing = ~pl.col("is_evaluable") | (pl.col("p_needed").is_null() & absent) | undecided
    return rows.select(missing).to_series().to_numpy()
