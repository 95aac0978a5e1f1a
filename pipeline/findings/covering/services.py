"""Coverage by service: declared, expected with its band, at night, of the worst covered, and what couriers in need miss."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.access.coverage import Coverage, coverage
from pipeline.analysis.access.equity import worst_decile
from pipeline.analysis.access.expected import coverage_band, expected_coverage
from pipeline.findings.covering.basis import filled, ratio, with_basis, with_left_out
from pipeline.findings.covering.needed import needed
from pipeline.findings.covering.reach import NO_COURIERS, NOT_ASKED
from pipeline.findings.district import District
from pipeline.findings.district.rules import night_hours, rules


def service_rows(district: District) -> pl.DataFrame:
    """One row per service in season.

    Columns: `courier_hours` a week near buildings on the map; `covered_hours` of them with an open station within the radius that declares the
    service, `covered_share`; `expected_hours`, `expected_share` where each such station works only with its chance, `expected_low` and
    `expected_high` the band; `night_hours`, `night_share`; `worst_decile_share`; `desert_hours` not covered; `n_desert_places` of
    `n_places` where no station in reach offers it at any hour; `n_stations`, `n_stations_offering`, `n_stations_unknown` (ledger
    silent); `need_share`, `missed_hours` of couriers in need that are not covered, and `n` respondents behind both; `reason_code` where
    there is no share (`no_couriers`), or none in need (`not_asked`); the basis.
    """
    found = coverage(district.near, district.week, district.offers, district.presence)
    total, covered = found.courier_hours.sum(), found.covered.sum(axis=1)
    night = night_hours()
    night_total = found.courier_hours[night].sum()
    rows = pl.DataFrame({"service_code": list(district.services)}, schema={"service_code": pl.String}).with_columns(
        filled("courier_hours", np.full(len(covered), total)),
        filled("covered_hours", covered),
        filled("covered_share", ratio(covered, total)),
        filled("night_hours", np.full(len(covered), night_total)),
        filled("night_share", ratio(found.covered[:, night].sum(axis=1), night_total)),
        filled("worst_decile_share", _worst(found)),
        filled("desert_hours", total - covered),
        pl.Series("n_desert_places", _deserts(found), dtype=pl.Int64),
        pl.lit(district.places.height, pl.Int64).alias("n_places"),
        pl.lit(district.stations.height, pl.Int64).alias("n_stations"),
        pl.Series("n_stations_offering", district.offers.sum(axis=0), dtype=pl.Int64),
        pl.Series("n_stations_unknown", district.is_untold.sum(axis=0), dtype=pl.Int64),
        *_expected(district, total),
    )
    reason = pl.when(pl.col("courier_hours") == 0).then(pl.lit(NO_COURIERS)).when(pl.col("n").is_null())
    rows = rows.hstack(_missed(district)).with_columns(reason_code=reason.then(pl.lit(NOT_ASKED)).otherwise(pl.lit("")))
    return with_left_out(with_basis(rows, district), district)


def _worst(found: Coverage) -> list[float]:
    """Of each service: what is covered of the worst-covered part of courier-hours."""
    part = rules()["worst"]["part"]
    shares = np.clip(np.nan_to_num(ratio(found.place_covered, found.place_hours[:, None])), 0, 1)
    return [worst_decile(share, found.place_hours, part) for share in shares.T]


def _deserts(found: Coverage) -> np.ndarray:
    """Of each service: places where no station in reach offers it at any hour of the week."""
    hours = len(found.courier_hours)
    return (found.desert_hours >= hours - 1e-9).sum(axis=0)


def _expected(district: District, total: float) -> list[pl.Series]:
    """Coverage where what is declared works only by chance, with its band."""
    rule = rules()["expected"]
    expected = expected_coverage(district.near, district.week, district.works, district.presence).covered.sum(axis=1)
    band = coverage_band(
        district.near, district.week, *district.alive, district.presence,
        offers=district.offers, draws=rule["draws"], seed=rule["seed"], level=rule["level"],
    )  # fmt: skip
    return [
        filled("expected_hours", expected),
        filled("expected_share", ratio(expected, total)),
        filled("expected_low", band.low),
        filled("expected_high", band.high),
    ]


def _missed(district: District) -> pl.DataFrame:
    """Share in need among those near the places, their courier-hours that are not covered, and on how many answers that rests."""
    of = needed(district)
    wanted = of.wanted.sum(axis=1)
    return pl.DataFrame(
        [
            pl.Series("n", of.answers, dtype=pl.Int64),
            filled("need_share", ratio(wanted, district.presence.sum())),
            filled("missed_hours", of.missed.sum(axis=1)),
        ]
    )
