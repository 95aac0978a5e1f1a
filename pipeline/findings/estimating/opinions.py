"""What people think of services: importance against performance, and Kano's categories, each with the covariance of its sample."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.opinions.importance import QUADRANTS, importance_performance
from pipeline.analysis.opinions.kano import CATEGORIES, better_worse, categories, indicators, likeliest_category
from pipeline.analysis.survey.estimates import ratios, shares, together
from pipeline.disclose import threshold
from pipeline.findings.answers import given_answers
from pipeline.findings.estimating.answered import mean_estimates
from pipeline.findings.estimating.figures import withhold
from pipeline.findings.estimating.needs import need_estimates
from pipeline.findings.estimating.numbers import given_numbers, mean_interval
from pipeline.findings.estimating.sample import Sample

CHANCES = tuple(f"p_{name}" for name in QUADRANTS)
PERFORMANCE = ("performance", "performance_se", "performance_lci", "performance_uci")
BETTER = tuple(f"{side}{part}" for side in ("better", "worse") for part in ("", "_se", "_lci", "_uci"))


def importance_rows(
    con: duckdb.DuckDBPyConnection, sample: Sample, persons: pl.DataFrame, out_of_season: tuple[str, ...] = ()
) -> pl.DataFrame:
    """One row per service with both figures of enough people: need share, satisfaction of its users, and the chance of each quadrant.

    Columns: service_code, n and n_need (asked, in need), est, se, lci, uci, n_eff and withheld_code of the need share, n_users, PERFORMANCE (points),
    CHANCES, quadrant_code, is_clear. Need and satisfaction are of the same people, so that both are judged by one covariance; the
    lines are the means over the services listed. Services out of season are no part of it: few need them now.
    """
    needs = need_estimates(con, sample, None, persons)
    points = given_numbers(con, sample.wave, "service_satisfaction").join(persons, on="person", how="semi")
    users = mean_estimates(sample, points)
    place = {code: k for k, code in enumerate(users.labels["item_code"])}
    services = [
        (code, k, place[code])
        for k, code in enumerate(needs.labels["service_code"])
        if code in place and code not in out_of_season and min(needs.need.n[k], users.n[place[code]]) >= threshold()
    ]
    at = [np.array([row[side] for row in services], dtype=int) for side in (1, 2)]
    importance, performance = needs.need.take(at[0]), users.take(at[1])
    both = together(importance, performance)
    found = importance_performance([row[0] for row in services], importance.est, performance.est, both.cov)
    low, high = mean_interval(performance)
    figures = dict(zip(PERFORMANCE, (performance.est, performance.se, low, high), strict=True))
    return (
        needs.counts[at[0]].select("service_code", "n", "n_need")
        .hstack(withhold(importance.table().select("est", "se", "lci", "uci", pl.col("n_eff").round(1))))
        .with_columns(n_users=pl.Series(performance.n, dtype=pl.Int64))
        .with_columns(pl.Series(name, values, dtype=pl.Float64).fill_nan(None).round(3) for name, values in figures.items())
        .hstack(found.select(pl.col(CHANCES).round(3), "quadrant_code", "is_clear"))
    )  # fmt: skip


def kano_rows(
    con: duckdb.DuckDBPyConnection, sample: Sample, persons: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two tables: a row per service and category (A O M I R Q), with its share; and a row per service with what follows.

    First: service_code, category_code, n, n_chosen, est, se, lci, uci, n_eff, withheld_code. Second: service_code, n, BETTER (Timko's coefficients with error and interval), category_code (the most frequent), p_category (the probability
    that it truly is), is_clear.
    """
    told = _told(con, sample, persons)
    shares_of, services = [], []
    for service in told["item_code"].unique().sort():
        kind = _categories(sample, told.filter(pl.col("item_code") == service))
        known = kind.is_not_null().to_numpy()
        labels = pl.DataFrame({"service_code": [service] * 6, "category_code": CATEGORIES})
        of = shares(sample.design, np.nan_to_num(indicators(kind)), known[:, None], labels)
        chosen = pl.Series("n_chosen", np.nansum(indicators(kind), axis=0), dtype=pl.Int64)
        shares_of.append(withhold(of.table().with_columns(chosen, pl.col("n_eff").round(1))))
        if known.sum() >= threshold():
            services.append({"service_code": service, "n": int(known.sum()), **_better(sample, kind), **_likeliest(of)})
    return (pl.concat(shares_of) if shares_of else pl.DataFrame()), pl.DataFrame(services, infer_schema_length=None)


def _told(con: duckdb.DuckDBPyConnection, sample: Sample, persons: pl.DataFrame) -> pl.DataFrame:
    """person, item_code, functional, dysfunctional of those who answered both questions on a service."""
    sides = [
        given_answers(con, sample.wave, f"kano_{side}").drop_nulls("answer_code").rename({"answer_code": side})
        for side in ("functional", "dysfunctional")
    ]
    return sides[0].join(sides[1], on=["person", "item_code"]).join(persons, on="person", how="semi")


def _categories(sample: Sample, told: pl.DataFrame) -> pl.Series:
    """The category of each respondent of the sample; null for those who did not tell."""
    rows = sample.frame.select("person").join(told, on="person", how="left", maintain_order="left")
    return categories(rows["functional"], rows["dysfunctional"])


def _better(sample: Sample, kind: pl.Series) -> dict[str, float | None]:
    """BETTER; worse is the negative of a share. None of a share that fewer than ten people, or all but so few, make."""
    numerator, denominator = better_worse(kind)
    counts = np.abs(numerator).sum(axis=0)
    enough = np.minimum(counts, denominator.sum(axis=0) - counts) >= threshold()
    labels = pl.DataFrame({"side": ["better", "worse"]})
    of = ratios(sample.design, labels, np.abs(numerator), denominator, "share").table()
    better, worse = of.select("est", "se", "lci", "uci").rows()
    sides = better if enough[0] else [None] * 4, worse if enough[1] else [None] * 4
    values = (*sides[0], *(_minus(sides[1])))
    return {name: None if value is None else round(value, 3) for name, value in zip(BETTER, values, strict=True)}


def _minus(row) -> tuple:
    """est, se, lci, uci of the negative."""
    est, se, low, high = row
    return tuple(None if est is None else value for value in (-(est or 0), se, -(high or 0), -(low or 0)))


def _likeliest(of) -> dict[str, object]:
    """The most frequent category in the sample, with its probability; none where two are equally frequent."""
    table = likeliest_category(of.est, of.cov)
    first = table.filter("is_most_frequent")
    if first.is_empty():
        return {"category_code": None, "p_category": None, "is_clear": False}
    row = first.row(0, named=True)
    return {
        "category_code": str(row["category"]),
        "p_category": round(row["p_most_frequent"], 3),
        "is_clear": row["is_clear"],
    }
