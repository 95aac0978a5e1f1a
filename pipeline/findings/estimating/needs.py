"""Need, need that is met, and the gap between them, for every service and any groups of the respondents, with their covariance."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import Estimates, shares
from pipeline.findings.estimating.sample import Sample


@dataclass(frozen=True)
class Needs:
    """Estimates of one sample, a row per service (and group): `need` of those asked; `met` and `unmet` of those of whom both are
    known. `counts`: n (asked), n_need, n_met, n_unmet, unweighted."""

    sample: Sample
    counts: pl.DataFrame
    need: Estimates
    met: Estimates
    unmet: Estimates

    @property
    def labels(self) -> pl.DataFrame:
        """What each row is about."""
        return self.need.labels

    def fewest(self, what: str) -> pl.Series:
        """The smallest number of people who tell of `need` or `unmet`: in each of its parts, or in none of them."""
        parts = ("n_need",) if what == "need" else ("n_need", "n_met", "n_unmet")
        sides = [side for name in parts for side in (pl.col(name), pl.col("n") - pl.col(name))]
        return self.counts.select(pl.min_horizontal(sides)).to_series()


def need_estimates(
    con: duckdb.DuckDBPyConnection,
    sample: Sample,
    groups: pl.DataFrame | None = None,
    persons: pl.DataFrame | None = None,
) -> Needs:
    """Shares of a sample in need, with their need met, and in unmet need, per service asked about.

    `groups`: person, by_code; a respondent may be in several or none; rows are then service × by_code. `persons`: those asked
    about; the others stay in the design. The base of met and unmet need
    is everybody asked but those who need the service and did not say whether they get it; nobody, where nobody said.
    """
    rows = con.sql(
        "select respondent_id as person, service_code, coalesce(is_needed, false) as is_needed, is_met_at_work from clean.service_needs "
        "where wave_code = ? and area_code = ?",
        params=[sample.wave, sample.area],
    ).pl()
    rows = rows if persons is None else rows.join(persons, on="person", how="semi")
    rows = rows.join(sample.frame.select("person"), on="person", how="semi").sort("service_code", "person")
    services = rows["service_code"].unique().sort().to_list()
    column = {service: k for k, service in enumerate(services)}
    asked, need, judged, met = (np.zeros((sample.frame.height, len(services)), dtype=bool) for _ in range(4))
    row = sample.places(rows["person"]).astype(int) if rows.height else np.zeros(0, int)
    at = (row, np.array([column[s] for s in rows["service_code"]], dtype=int))
    asked[at] = True
    need[at] = rows["is_needed"].to_numpy()
    judged[at] = need[at] & rows["is_met_at_work"].is_not_null().to_numpy()
    met[at] = judged[at] & rows["is_met_at_work"].fill_null(False).to_numpy()
    labels = pl.DataFrame({"service_code": services}, schema={"service_code": pl.String})
    if groups is not None:
        labels, (asked, need, judged, met) = _grouped(sample, groups, labels, (asked, need, judged, met))
    told = (asked & (~need | judged)) & (~need.any(axis=0) | judged.any(axis=0))
    counts = {"n": asked, "n_need": need, "n_met": met, "n_unmet": judged & ~met}
    return Needs(
        sample,
        labels.with_columns(pl.Series(name, values.sum(axis=0), dtype=pl.Int64) for name, values in counts.items()),
        shares(sample.design, need, asked, labels),
        shares(sample.design, met & told, told, labels),
        shares(sample.design, judged & ~met & told, told, labels),
    )


def _grouped(
    sample: Sample, groups: pl.DataFrame, labels: pl.DataFrame, matrices: tuple[np.ndarray, ...]
) -> tuple[pl.DataFrame, list[np.ndarray]]:
    """Every matrix once per group, with those outside the group at false; columns are group by group."""
    held = groups.drop_nulls("by_code").join(sample.frame.select("person"), on="person", how="semi")
    codes = held["by_code"].unique().sort().to_list()
    inside = np.zeros((sample.frame.height, len(codes)), dtype=bool)
    rows = sample.places(held["person"]).astype(int) if held.height else np.zeros(0, int)
    place = {code: g for g, code in enumerate(codes)}
    inside[rows, [place[code] for code in held["by_code"]]] = True
    n, services = matrices[0].shape
    spread = [(inside[:, :, None] & m[:, None, :]).reshape(n, len(codes) * services) for m in matrices]
    named = pl.DataFrame({"by_code": codes}, schema={"by_code": pl.String}).join(
        labels, how="cross", maintain_order="left_right"
    )
    return named, spread
