"""What people think of services, for notebooks: importance against performance, Kano's categories; not asked is said, not guessed."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, Protect, disclose
from pipeline.findings.context import not_evaluable
from pipeline.findings.estimating.opinions import BETTER, CHANCES, PERFORMANCE, importance_rows, kano_rows
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import taken
from pipeline.findings.explore.words import label, labelled, with_area

KEYS = ("area_code", "wave_code", "service_code")
SHARE = ("est", "se", "lci", "uci", "n_eff")
ASKED = {"importance": ("need", "service_satisfaction"), "kano": ("kano_functional", "kano_dysfunctional")}
FEW = "few_answers"
IMPORTANCE = Disclosure(keys=KEYS, open=("why_not_code", "withheld_code"), protect=(
    Protect(n=("n",), values=(), shares=("est", "lci", "uci"), spread=("se", "n_eff"), numerator="n_need", basis="respondents"),
    Protect(n=("n_users",), values=PERFORMANCE, basis="respondents", flag="suppressed_performance"),
    Protect(n=("n", "n_users"), values=(*CHANCES, "quadrant_code", "is_clear"), basis="respondents", flag="suppressed_quadrant"),
))  # fmt: skip
SHARES = Disclosure(keys=(*KEYS, "category_code"), open=("why_not_code", "withheld_code"), protect=(
    Protect(n=("n",), values=(), shares=("est", "lci", "uci"), spread=("se", "n_eff"), numerator="n_chosen", basis="respondents"),
))  # fmt: skip
KANO = Disclosure(keys=KEYS, open=("why_not_code",), protect=(
    Protect(n=("n",), values=(*BETTER, "category_code", "p_category", "is_clear"), basis="respondents"),
))  # fmt: skip


def importance(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Importance (share in need) against performance (points of those who used it), a row per service.

    Columns: n, n_need, est (importance) with se, interval and n_eff; n_users, performance with error and interval (1 to 5 points);
    p_keep_up, p_concentrate_here, p_low_priority, p_possible_overkill (chance of each quadrant, cut at the means over services),
    quadrant_code and `quadrant` (the likeliest), is_clear (its chance ≥ 95 %), why_not. Satisfaction is that of users: who was never
    served has no say in it. Where a survey did not ask, one row without figures gives the reason.
    """
    out = tuple(not_evaluable(choices.context))
    table = _of_waves(con, choices, "importance", IMPORTANCE, lambda s, p: importance_rows(con, s, p, out))
    return _worded(table, choices, "quadrant", "quadrants")


def kano(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Kano's category of each service, a row per service.

    Columns: n (answered both questions), better and worse (how far content rises with
    the service, and falls without; −1 to 1) with se and interval, category_code and `category` (the most frequent), p_category (how
    probable it is that it truly is), is_clear, why_not. Where a survey did not ask, one row without figures gives the reason.
    """
    table = _of_waves(con, choices, "kano", KANO, lambda s, p: kano_rows(con, s, p)[1])
    return _worded(table, choices, "category", "kano_categories")


def kano_shares(con: duckdb.DuckDBPyConnection, choices: Choices) -> pl.DataFrame:
    """Share of people in each of Kano's categories, a row per service and category: n, n_chosen, est, se, interval, n_eff, why_not."""
    table = _of_waves(con, choices, "kano", SHARES, lambda s, p: kano_rows(con, s, p)[0])
    return _worded(table, choices, "category", "kano_categories")


def _of_waves(con: duckdb.DuckDBPyConnection, choices: Choices, what: str, basis: Disclosure, rows) -> pl.DataFrame:
    """The disclosed rows of every wave chosen; of one that did not ask, or that too few answered, one row with why_not_code alone."""
    parts = [pl.DataFrame(schema=_schema(basis))]
    for area, wave in choices.waves:
        asked = con.execute("select variable_code from ref.questions where wave_code = ?", [wave]).fetchall()
        missing = set(ASKED[what]) - {row[0] for row in asked}
        found = pl.DataFrame() if missing else rows(*taken(con, choices, area, wave))
        why = "not_asked_here" if missing else FEW if found.is_empty() else ""
        found = found if found.height else pl.DataFrame({"service_code": [""]})
        parts.append(found.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave), why_not_code=pl.lit(why)))
    table = pl.concat(parts, how="diagonal_relaxed").select(list(_schema(basis)))
    return disclose(table, basis, name=what)


def _schema(basis: Disclosure) -> dict[str, pl.DataType]:
    """Types of the columns before the gate."""
    text = {name: pl.String for name in basis.columns() if name.endswith("_code")}
    counts = {name: pl.Int64 for name in basis.columns() if name == "n" or (name.startswith("n_") and name != "n_eff")}
    names = [name for name in basis.columns() if not name.startswith("suppressed")]
    return {
        name: text.get(name) or counts.get(name) or (pl.Boolean if name == "is_clear" else pl.Float64) for name in names
    }


def _worded(table: pl.DataFrame, choices: Choices, column: str, list_code: str) -> pl.DataFrame:
    """Labels of services, of quadrants or categories, and the reason in words."""
    words = lambda name, codes: [label(choices, name, code) if code else None for code in codes]  # noqa: E731
    table = table.with_columns(
        pl.Series(column, words(list_code, table[f"{column}_code"]), dtype=pl.String),
        pl.Series("why_not", words("not_comparable", table["why_not_code"]), dtype=pl.String).fill_null(""),
    )
    return with_area(labelled(table, "service_code", "services", choices), choices)
