"""Verdicts of stations × services: the evidence of the marts through the steps, area by area."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.verdicts.given import given, there_log_odds
from pipeline.analysis.verdicts.known import Use, fit_use, met_log_odds
from pipeline.analysis.verdicts.rules import Rules
from pipeline.analysis.verdicts.tree import VERDICTS, Steps, chances, verdicts
from pipeline.analysis.verdicts.works import Works, facility_log_odds, outcome_log_odds, stock_out_log_odds, works
from pipeline.findings.context import not_evaluable
from pipeline.findings.finding import Context
from pipeline.findings.verdicts.evidence import station_evidence
from pipeline.findings.verdicts.need import judged_by_use, with_need
from pipeline.findings.verdicts.settings import verdict_rules
from pipeline.findings.verdicts.shares import Shares, need_shares


def station_rows(con: duckdb.DuckDBPyConnection, context: Context, rules: Rules | None = None) -> pl.DataFrame:
    """One row per area, station and service with the evidence, the chance of every step, and the verdict."""
    rules = rules or verdict_rules()
    rows = station_evidence(con, context, rules.works)
    shares = need_shares(con, context)
    rows = with_need(rows, shares, rules.need).with_columns(
        is_evaluable=~pl.col("service_code").is_in(not_evaluable(context))
    )
    parts = [_area(part, shares, rules) for _, part in rows.group_by("area_code", maintain_order=True)]
    return pl.concat(parts) if parts else rows


def _number(rows: pl.DataFrame, name: str) -> np.ndarray:
    return rows[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _codes(rows: pl.DataFrame, name: str) -> np.ndarray:
    return (rows[name].rank("dense").cast(pl.Int64) - 1).to_numpy()


def _area(rows: pl.DataFrame, shares: Shares | None, rules: Rules) -> pl.DataFrame:
    """All steps for the stations of one area."""
    ticked = rows["is_offered"].to_list()
    declared = np.array([tick is True for tick in ticked])
    service = _codes(rows, "service_code")
    working = _works(rows, service, declared, rules)
    use = _use(rows, service, declared & (working.probability >= 0.5), rules)
    station = _codes(rows, "station_id")
    expected = use.expected(station, service)
    rows = judged_by_use(rows, use.service[service], shares, rules.need)
    there = _there(rows, expected, working, rules)
    undeclared = np.array([tick is False for tick in ticked])
    hidden = given(there, undeclared, service, service.max() + 1, rules.given)
    p_declared = _declared(rows, ticked, there)
    known = _known(rows, use, expected, working, rules)
    steps = Steps(_number(rows, "p_needed"), p_declared, hidden, working.probability, known)
    table = chances(steps)
    codes, probability = verdicts(table, _missing(rows, ticked))
    return rows.with_columns(
        pl.Series("verdict_code", codes),
        pl.Series("probability", probability).fill_nan(None),
        pl.Series("p_declared", p_declared), pl.Series("p_given", hidden), pl.Series("p_works", working.probability),
        pl.Series("works_a", working.a), pl.Series("works_b", working.b), pl.Series("p_known", known),
        pl.Series("n_expected", expected).fill_nan(None), pl.Series("_there", there),
        *[pl.Series(f"p_{code}", table[:, k]).fill_nan(None) for k, code in enumerate(VERDICTS)],
    )  # fmt: skip


def _works(rows: pl.DataFrame, service: np.ndarray, declared: np.ndarray, rules: Rules) -> Works:
    n, n_working = _number(rows, "n_facilities"), _number(rows, "n_facilities_working")
    served, out, refused = (_number(rows, name) for name in ("n_served", "n_stocked_out", "n_refused"))
    hours, short = _number(rows, "open_hours"), _number(rows, "stock_out_hours")
    noted = rows.select(pl.col("stock_out_hours").fill_null(0).sum().over("service_code") > 0).to_series().to_numpy()
    facilities = facility_log_odds(n, n_working, rules.works)
    outcomes = outcome_log_odds(served, out + refused, rules.works)
    told = _number(rows, "checks_told") + facilities + outcomes
    told = told + np.where(noted, stock_out_log_odds(np.nan_to_num(short), hours, rules.works), 0.0)
    looks = _number(rows, "checks_weight") + (facilities != 0) + (np.abs(outcomes) > 1)
    return works(told, looks, service, declared, service.max() + 1, rules.works)


def _use(rows: pl.DataFrame, service: np.ndarray, usable: np.ndarray, rules: Rules) -> Use:
    used = _number(rows, "n_served") + _number(rows, "n_stocked_out") + _number(rows, "n_refused")
    station = _codes(rows, "station_id")
    kept = usable & ~np.isnan(used)
    shape = (int(station.max()) + 1, int(service.max()) + 1)
    return fit_use(used[kept], station[kept], service[kept], shape, rules.known)


def _there(rows: pl.DataFrame, expected: np.ndarray, working: Works, rules: Rules) -> np.ndarray:
    total = rows.select(pl.col("n_served").sum().over("station_id")).to_series().cast(pl.Float64).to_numpy()
    return there_log_odds(_number(rows, "n_served"), expected, total, rules.given)


def _declared(rows: pl.DataFrame, ticked: list[bool | None], there: np.ndarray) -> np.ndarray:
    """1 or 0 by the tick; where the ledger is silent, the share of stations of the class that declare it, moved by what the log says."""
    share = rows.select(
        (pl.col("is_offered").sum().over("class_code", "service_code") + 0.5)
        / (pl.col("is_offered").is_not_null().sum().over("class_code", "service_code") + 1)
    ).to_series().to_numpy()
    odds = share / (1 - share) * np.exp(np.clip(there, -30, 30))
    return np.array([odds_ / (1 + odds_) if tick is None else float(tick) for tick, odds_ in zip(ticked, odds, strict=True)])


def _known(rows: pl.DataFrame, use: Use, expected: np.ndarray, working: Works, rules: Rules) -> np.ndarray:
    used = _number(rows, "n_served") + _number(rows, "n_stocked_out") + _number(rows, "n_refused")
    met, judged = _number(rows, "n_met"), _number(rows, "n_judged")
    works_here = pl.Series(working.probability >= 0.5) & (rows["is_offered"].fill_null(False))
    usual = rows.with_columns(_w=works_here).select(
        pl.col("n_met").filter(pl.col("_w")).sum().over("service_code") / pl.col("n_judged").filter(pl.col("_w")).sum().over("service_code")
    ).to_series().cast(pl.Float64).to_numpy()
    told = use.log_odds(used, expected) + met_log_odds(met, judged, usual, rules.known)
    odds = (1 - use.little_share) / use.little_share * np.exp(np.clip(told, -30, 30))
    return odds / (1 + odds)


def _missing(rows: pl.DataFrame, ticked: list[bool | None]) -> np.ndarray:
    """Where what decides is missing: out of season; need unknown; ledger silent and no log; declared, and nobody looked."""
    silent = np.array([tick is None for tick in ticked]) & rows["n_visits"].is_null().to_numpy()
    unseen = (rows["n_visits"].is_null() & (rows["checks_weight"] == 0) & (rows["n_facilities"].fill_null(0) == 0)).to_numpy()
    unseen &= np.array([tick is True for tick in ticked])
    needed = (rows["p_needed"].fill_null(1.0) >= 0.5).to_numpy()
    return ~rows["is_evaluable"].to_numpy() | rows["p_needed"].is_null().to_numpy() | (needed & (silent | unseen))
