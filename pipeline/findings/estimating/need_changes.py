"""Whether the need of a service, or its gap, changed between two waves: for the headline set beside another period."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np

from pipeline.analysis.survey.change import change
from pipeline.disclose import threshold
from pipeline.findings.estimating.changes import shared_people
from pipeline.findings.estimating.needs import need_estimates
from pipeline.findings.estimating.sample import take_sample


@dataclass(frozen=True)
class Change:
    """Now less then, with its interval; certain where the interval leaves out zero."""

    change: float
    lci: float
    uci: float

    @property
    def is_certain(self) -> bool:
        """Whether there was a change at all, beyond chance."""
        return self.lci > 0 or self.uci < 0


def need_change(
    con: duckdb.DuckDBPyConnection, what: str, service: str, area: str, now: str, before: str
) -> Change | None:
    """The change of one service's `need` or `unmet` share from wave `before` to `now`; None where either has none, or where few
    people do, or do not, stand behind it: it would tell a share given in steps exactly.

    With the covariance of the people known to have answered both. The two waves must mean the same (findings.comparable).
    """
    sides = []
    for wave in (now, before):
        needs = need_estimates(con, take_sample(con, wave, area))
        here = np.flatnonzero((needs.labels["service_code"] == service).to_numpy())
        if len(here) == 0 or needs.fewest(what)[int(here[0])] < threshold():
            return None
        sides.append((needs.sample, getattr(needs, what).take(here)))
    same_now, same_before = shared_people(sides[0][0], sides[1][0])
    row = change(sides[0][1], sides[1][1], same_now=same_now, same_before=same_before).row(0, named=True)
    return None if row["change_lci"] is None else Change(row["change"], row["change_lci"], row["change_uci"])
