"""Coverage by hour of the day, weekdays and weekends apart."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import coverage
from pipeline.analysis.access.expected import expected_coverage
from pipeline.findings.covering.basis import filled, ratio, with_basis
from pipeline.findings.covering.needed import needed
from pipeline.findings.district import District
from pipeline.findings.district.rules import DAY

WEEKDAYS = 5


def hour_rows(district: District) -> pl.DataFrame:
    """One row per service in season, kind of day and hour.

    Columns: `n_days` of that kind in a week; `courier_hours` of them together and `couriers` there at a time; `covered_hours`,
    `covered_share`, `uncovered_share`; `expected_share` where each station works only with its chance; `reason_code` `no_couriers`
    where nobody is there and no share can be told; `missed` couriers at a time who need it and have none near, and `n` respondents
    behind that; the basis.
    """
    args = district.near, district.week
    found = coverage(*args, district.offers, district.presence)
    expected = expected_coverage(*args, district.works, district.presence)
    need, parts = needed(district), []
    for is_weekend, days in ((False, slice(0, WEEKDAYS)), (True, slice(WEEKDAYS, None))):
        total = _by_day(found.courier_hours, days).sum(axis=0)
        sums = {
            name: _by_day(values, days).sum(axis=1).ravel()
            for name, values in (("covered", found.covered), ("expected", expected.covered), ("missed", need.missed))
        }
        rows = _rows(district.services, total, _by_day(found.courier_hours, days).shape[0], **sums)
        parts.append(
            rows.with_columns(
                pl.Series("n", [n for n in need.answers for _ in range(DAY)], dtype=pl.Int64),
                is_weekend=pl.lit(is_weekend),
            )
        )
    return with_basis(pl.concat(parts), district)


def _by_day(hours: np.ndarray, days: slice) -> np.ndarray:
    """… × hours of the week → … × days of one kind × hours of the day."""
    return hours.reshape(*hours.shape[:-1], -1, DAY)[..., days, :]


def _rows(
    services: tuple[str, ...],
    total: np.ndarray,
    n_days: int,
    *,
    covered: np.ndarray,
    expected: np.ndarray,
    missed: np.ndarray,
) -> pl.DataFrame:
    """Services × hours of one kind of day, from their sums over such days of a week."""
    everywhere = np.tile(total, len(services))
    share = ratio(covered, everywhere)
    return pl.DataFrame(
        {"service_code": np.repeat(services, DAY), "hour": np.tile(np.arange(DAY, dtype=np.int32), len(services))}
    ).with_columns(
        pl.lit(n_days, pl.Int64).alias("n_days"),
        filled("courier_hours", everywhere),
        filled("couriers", everywhere / n_days),
        filled("covered_hours", covered),
        filled("covered_share", share),
        filled("uncovered_share", 1 - share),
        filled("expected_share", ratio(expected, everywhere)),
        filled("missed", missed / n_days),
        pl.Series("reason_code", np.where(everywhere > 0, "", "no_couriers")),
    )
