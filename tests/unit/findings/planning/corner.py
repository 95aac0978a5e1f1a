"""A corner small enough to plan by hand.

Three buildings, one courier in each at every hour of the week: A and B next to each other (grid cell 1), C two kilometres off (cell 2).
Half of the couriers need water, a fifth need charging. A houses station 1 (fixed), open Monday to Friday 9 to 18, 45 hours a week, that
offers water. B houses station 2, a shop, open at the same hours, that offers nothing. C houses none.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pipeline.analysis.access.pairs import within_walk
from pipeline.analysis.access.week import cut
from pipeline.findings.district import District
from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context
from pipeline.findings.planning.prices import Prices

SERVICES = ("charging", "water")
CHARGING, WATER = 0, 1
LON = [116.460, 116.461, 116.480]
PRICE = {  # yuan once and a year; no range
    ("open", "integrated"): (20000, 6000), ("open", "social"): (5000, 2400), ("extend_hours", "code_lock"): (3000, 1200),
    ("extend_hours", "unattended"): (0, 50), ("extend_hours", "staff"): (0, 1300), ("add_service", "water"): (800, 1200),
    ("add_service", "charging"): (1500, 200), ("repair", "water"): (300, 0), ("repair", "charging"): (500, 0),
    ("publicise", ""): (800, 200), ("verify", ""): (150, 0),
}  # fmt: skip


def prices() -> Prices:
    return Prices(
        {key: (once,) * 3 for key, (once, _) in PRICE.items()},
        {key: (yearly,) * 3 for key, (_, yearly) in PRICE.items()},
        dict.fromkeys(PRICE, (True, "", "说明", "why")),
    )


def corner(
    *,
    works=(1e6, 1.0),
    known=0.9,
    offers=((False, True), (False, False)),
    untold=None,
    given=0.0,
    need=(0.2, 0.5),
    n=1000,
) -> District:
    """The corner; `works` the Beta parameters of station 1's water, `known` the chance that it is known."""
    offers = np.array(offers)
    days = [(day * 1440 + 9 * 60, day * 1440 + 18 * 60) for day in range(5)]
    opens, closes = (np.array([pair[side] for pair in days] * 2) for side in (0, 1))
    places = pl.DataFrame({"building_id": ["A", "B", "C"], "name": ["甲楼", "乙楼", "丙楼"], "grid_id": ["G1", "G1", "G2"],
                           "lon": LON, "lat": [39.91] * 3, "n_workers": [1.0] * 3})  # fmt: skip
    stations = pl.DataFrame({
        "station_id": ["S1", "S2"], "name": ["第1驿站", "第2驿站"], "class_code": ["fixed", "social"], "host_type_code": [None, None],
        "host_unit": ["甲单位", None], "building_id": ["A", "B"], "grid_id": ["G1", "G1"], "lon": LON[:2], "lat": [39.91] * 2,
        "seats": [4, 4]}, schema_overrides={"host_type_code": pl.String})  # fmt: skip
    empty = np.zeros((2, 2))
    return District(
        area="QC", on=date(2023, 5, 31), services=SERVICES, places=places, stations=stations, presence=np.ones((3, 168)),
        need=np.tile(need, (3, 1)), week=cut(np.repeat([0, 1], 5), opens, closes, 2), offers=offers,
        is_untold=np.zeros((2, 2), bool) if untold is None else np.array(untold), works_a=np.where(offers, works[0], np.nan),
        works_b=np.where(offers, works[1], np.nan), capacity=empty, capacity_basis=empty.astype(str),
        pairs=within_walk(LON, [39.91] * 3, LON[:2], [39.91] * 2, walking().reach_m), verdicts=_verdicts(works, known, given),
        cells=pl.DataFrame([{"area_code": "QC", "grid_id": grid, "service_code": code, "need_share": share, "n": n}
                            for grid in ("G1", "G2") for code, share in zip(SERVICES, need, strict=True)]),
        left_out=pl.DataFrame(schema={"kind": pl.String, "id": pl.String, "courier_hours": pl.Float64}),
    )  # fmt: skip


def _verdicts(works, known, given) -> pl.DataFrame:
    return pl.DataFrame([
        {"station_id": station, "service_code": code, "p_works": works[0] / sum(works), "p_known": known, "p_given": given, "p_declared": 0.5}
        for station in ("S1", "S2") for code in SERVICES])  # fmt: skip


def context(**changes) -> Context:
    words = {("services", "water"): ("饮水", "Drinking water"), ("services", "charging"): ("手机充电", "Phone charging"),
             ("areas", "QC"): ("晴川街道", "Qingchuan"), ("station_classes", "social"): ("社会化阵地", "Community-run base"),
             ("station_classes", "integrated"): ("整合式阵地", "Integrated base"), ("certainty", "firm"): ("较有把握", "fairly sure")}  # fmt: skip
    base = {"period": "2023Q2", "starts_on": date(2023, 4, 1), "ends_on": date(2023, 6, 30), "last_on": date(2023, 5, 31),
            "is_partial": True, "areas": ("QC",), "labels": words}  # fmt: skip
    return Context(**{**base, **changes})
