"""The shares scored in every sample: per service need, unmet need and met among those in need, of all and of domains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.analysis.survey.design import Design
from pipeline.analysis.survey.estimates import Estimates, shares
from tests.score.districts import District, true_shares
from tests.score.figures import Tally, covered

MEASURES = ("need", "unmet", "met_of_need")
LARGE = 50  # respondents from which the target of coverage holds
SHOWN = 10  # respondents from which a share is shown


@dataclass(frozen=True)
class Asked:
    """Columns of a wave, one per share: `chosen` and `whole` (persons, k), `truth` (k,), `labels` (measure, domain)."""

    labels: pl.DataFrame
    chosen: np.ndarray
    whole: np.ndarray
    truth: np.ndarray


def asked_of(district: District, wave: int, domains: tuple[str, ...], measures: tuple[str, ...] = MEASURES) -> Asked:
    """All shares of the domains named ("all" is everybody), every service apart."""
    need, met = district.need[wave], district.met[wave]
    everybody = np.ones_like(need)
    known = {"need": (need, everybody), "unmet": (need & ~met, everybody), "met_of_need": (need & met, need)}
    chosen, whole, labels = [], [], []
    for domain in domains:
        codes = np.zeros(district.n, int) if domain == "all" else district.domains[domain]
        for code in np.unique(codes):
            here = (codes == code)[:, None]
            for measure in measures:
                chosen.append(known[measure][0] & here)
                whole.append(known[measure][1] & here)
                labels += [(measure, domain)] * need.shape[1]
    part, of = np.concatenate(chosen, axis=1), np.concatenate(whole, axis=1)
    return Asked(pl.DataFrame(labels, schema=["measure", "domain"], orient="row"), part, of, true_shares(part, of))


def estimated(asked: Asked, rows: np.ndarray, design: Design) -> Estimates:
    """The shares as a sample of these rows of the frame, of this design, gives them."""
    return shares(design, asked.chosen[rows], asked.whole[rows], asked.labels)


def tally_shares(tally: Tally, district: int, asked: Asked, made: Estimates) -> None:
    """Adds coverage and error of every share, apart for all, for domains, and for fewer than 50 respondents."""
    table = made.table()
    low, high, n = (table[column].cast(pl.Float64).to_numpy() for column in ("lci", "uci", "n"))
    hit, error = covered(low, high, asked.truth), made.est - asked.truth
    measure, everybody = asked.labels["measure"].to_numpy(), asked.labels["domain"].to_numpy() == "all"
    for of in MEASURES:
        mine = measure == of
        tally.add(f"coverage, {of}, all", district, hit[mine & everybody & (n >= LARGE)])
        tally.add(f"coverage, {of}, domains", district, hit[mine & ~everybody & (n >= LARGE)])
        tally.add(f"coverage, {of}, n 10-49", district, hit[mine & (n >= SHOWN) & (n < LARGE)])
        tally.add(f"bias, {of}, points", district, 100 * error[mine & everybody & (n >= LARGE)])
