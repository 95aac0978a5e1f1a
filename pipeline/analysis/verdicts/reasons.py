"""Why a verdict is what it is: an ordered list of reason codes, what decided first, what was missing last."""

from __future__ import annotations

import polars as pl

# what tells of each verdict; the codes and their conditions stand in `_conditions`
TOLD = {
    "low_need": ("need_low",),
    "unmet": ("not_declared", "ledger_silent", "asked_though_not_declared", "not_in_log"),
    "hidden_demand": ("not_declared", "ledger_silent", "used_though_not_declared"),
    "declared_but_failing": ("nothing_working", "checks_not_met", "refused", "stock_outs"),
    "unknown_to_users": ("little_used", "little_met", "facilities_work", "checks_met"),
    "met": ("facilities_work", "checks_met", "served", "used_as_expected", "mostly_met"),
    "no_evidence": ("out_of_season", "ledger_silent", "nobody_looked"),
}
CELL = {
    "low_need": ("need_low",),
    "unmet": ("many_go_without", "no_station", "none_declares", "too_little"),
    "hidden_demand": ("many_go_without", "none_declares", "used_though_not_declared"),
    "declared_but_failing": ("many_go_without", "none_works"),
    "unknown_to_users": ("many_go_without", "none_known"),
    "met": ("few_go_without",),
    "no_evidence": ("out_of_season", "gap_unknown"),
}
ALWAYS = ("need_unknown", "need_from_cell", "need_from_area", "need_from_use", "few_answers", "no_log", "no_checks")


def station_reasons(rows: pl.DataFrame, *, doubles: float, few: int) -> pl.Series:
    """The reason codes of each row, joined by commas.

    In: verdict_code, is_evaluable, p_needed, need_basis_code, is_offered, served, unserved, n, checks_weight, and what each kind of evidence
    says (log odds): told_checks, told_facilities, told_outcomes, told_stocks, told_use, told_met. A kind is named where it changes the odds
    by the factor `doubles` or more; fewer than `few` respondents are few.
    """
    return _joined(rows, TOLD, _conditions(pl.lit(doubles).log(), few))


def _joined(rows: pl.DataFrame, told: dict[str, tuple[str, ...]], conditions: dict[str, pl.Expr]) -> pl.Series:
    """The codes that hold and tell of the verdict of each row, in the order of `told`, then those of ALWAYS."""
    order = dict.fromkeys(code for codes in (*told.values(), ALWAYS) for code in codes if code in conditions)
    parts = []
    for code in order:
        of = [verdict for verdict, codes in told.items() if code in codes]
        applies = pl.lit(True) if code in ALWAYS else pl.col("verdict_code").is_in(of)
        parts.append(pl.when(applies & conditions[code].fill_null(False)).then(pl.lit(code)))
    return rows.select(pl.concat_str(parts, separator=",", ignore_nulls=True)).to_series().alias("reasons")


def _conditions(much: pl.Expr, few: int) -> dict[str, pl.Expr]:
    """Reason code → when it holds."""
    declared, blank = pl.col("is_offered"), pl.col("is_offered").is_null()
    log = pl.col("served").is_not_null()
    asked = pl.col("need_basis_code").fill_null("").is_in(["station", "cell", "area"])
    return {
        "out_of_season": ~pl.col("is_evaluable"),
        "need_unknown": pl.col("p_needed").is_null(),
        "need_low": pl.lit(True),
        "not_declared": ~declared,
        "ledger_silent": blank,
        "asked_though_not_declared": ~declared.fill_null(False) & (pl.col("unserved") > 0),
        "not_in_log": log & (pl.col("served") == 0) & (pl.col("unserved") == 0),
        "used_though_not_declared": ~declared.fill_null(False) & (pl.col("served") > 0),
        "nothing_working": pl.col("told_facilities") <= -much,
        "checks_not_met": pl.col("told_checks") <= -much,
        "refused": pl.col("told_outcomes") <= -much,
        "stock_outs": pl.col("told_stocks") <= -much,
        "little_used": pl.col("told_use") <= -much,
        "little_met": pl.col("told_met") <= -much,
        "facilities_work": pl.col("told_facilities") >= much,
        "checks_met": pl.col("told_checks") >= much,
        "served": pl.col("told_outcomes") >= much,
        "used_as_expected": pl.col("told_use") >= much,
        "mostly_met": pl.col("told_met") >= much,
        "nobody_looked": declared & (pl.col("checks_weight") == 0),
        "need_from_cell": pl.col("need_basis_code") == "cell",
        "need_from_area": pl.col("need_basis_code") == "area",
        "need_from_use": pl.col("need_basis_code") == "use",
        "few_answers": asked & (pl.col("n").fill_null(0) < few),
        "no_log": ~log,
        "no_checks": declared & (pl.col("checks_weight") == 0),
    }


def cell_reasons(rows: pl.DataFrame, *, few: int) -> pl.Series:
    """The reason codes of grid cells, joined by commas.

    In: verdict_code, is_evaluable, p_needed, p_gap, need_basis_code, n, n_stations, p_bare, p_hidden, p_fails, p_unheard.
    """
    even = 0.5
    bare = pl.col("p_bare") > even
    conditions = {
        "out_of_season": ~pl.col("is_evaluable"),
        "need_unknown": pl.col("p_needed").is_null(),
        "gap_unknown": (pl.col("p_needed") >= even) & pl.col("p_gap").is_null(),
        "need_low": pl.lit(True),
        "few_go_without": pl.lit(True),
        "many_go_without": pl.lit(True),
        "no_station": pl.col("n_stations") == 0,
        "none_declares": bare & (pl.col("n_stations") > 0),
        "used_though_not_declared": pl.lit(True),
        "none_works": pl.lit(True),
        "none_known": pl.lit(True),
        "too_little": ~bare,
        "need_from_area": pl.col("need_basis_code") == "area",
        "need_from_use": pl.col("need_basis_code") == "use",
        "few_answers": pl.col("need_basis_code").is_in(["cell", "area"]) & (pl.col("n").fill_null(0) < few),
    }
    return _joined(rows, CELL, conditions)
