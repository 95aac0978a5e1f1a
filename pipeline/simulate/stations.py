"""Stations of a made-up place: class, host, place, size, opening day and opening hours (declared and true)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from pipeline.simulate.assumptions import Assumptions, draw, split
from pipeline.simulate.geography import Geography
from pipeline.simulate.names import ROADS, STEMS

HALF_HOURS = 48
# text as written in a ledger · (weekdays, first half-hour, last half-hour) · access
HOURS: dict[str, tuple[str, tuple[tuple[range, int, int], ...], str]] = {
    "office": ("周一至周五 8:30-11:30、13:00-17:30", ((range(5), 17, 23), (range(5), 26, 35)), "staffed"),
    "office_long": ("星期一到星期五。 9:30-17:00", ((range(5), 19, 34),), "staffed"),
    "split": ("8:30-11:00 / 13:30-17:00", ((range(7), 17, 22), (range(7), 27, 34)), "staffed"),
    "shop": ("9:00-21:00", ((range(7), 18, 42),), "staffed"),
    "shop_early": ("周一至周日 6:00-18:00", ((range(7), 12, 36),), "staffed"),
    "weekend": ("工作日 9:00-18:00；周末 10:00-16:00", ((range(5), 18, 36), (range(5, 7), 20, 32)), "staffed"),
    "always": ("24小时", ((range(7), 0, 48),), "scan_in"),
    "night": ("8:00-22:00（有人值守）；22:00-次日8:00（扫码进入）", ((range(7), 0, 48),), "scan_in"),
    "late": ("8：00—22：00", ((range(7), 16, 44),), "scan_in"),
}
HOSTS = {
    "fixed": ("union_centre", "party_centre", "community_union", "community_union", "market_office"),
    "integrated": ("building_station",),
    "social": ("enterprise", "estate_agent", "estate_agent", "shop"),
}


@dataclass(frozen=True)
class Stations:
    """`table` one row per station; `declared` and `open` say for station × weekday × half-hour whether the ledger
    calls it open and whether it truly is; `factor` is its pull on visitors (mean 1)."""

    table: pl.DataFrame
    declared: np.ndarray
    open: np.ndarray
    factor: np.ndarray

    @property
    def n(self) -> int:
        return self.table.height


def build_stations(geography: Geography, assumptions: Assumptions, n: int, rng: np.random.Generator) -> Stations:
    """n stations, classes in the published proportion."""
    shares = {code: assumptions["stations"][code] for code in HOSTS}
    classes = rng.permutation(np.repeat(list(shares), list(split(n, shares).values())))
    hosts = [HOSTS[code][rng.integers(len(HOSTS[code]))] for code in classes]
    patterns = [str(draw(rng, assumptions["opening"][code], 1)[0]) for code in classes]
    building = _buildings(geography, n, rng)
    cells = geography.buildings["cell"].to_numpy()[building]
    lon, lat = geography.place(cells, rng)
    locks = _locks(classes, patterns, assumptions["capture"]["lock_share"], rng)
    table = pl.DataFrame(
        {
            "local_code": [f"S{i + 1:03d}" for i in range(n)],
            "name": _names(geography, hosts, building, rng),
            "class_code": classes,
            "host_type_code": hosts,
            "cell": cells,
            "building": building,
            "lon": lon,
            "lat": lat,
            "area_m2": np.round(rng.lognormal(2.9, 0.5, n) * np.where(classes == "fixed", 2.2, 1.0)).clip(6, 480),
            "seats": rng.integers(2, 9, n) * np.where(classes == "fixed", 3, 1),
            "opened_on": _opening_days(rng, n),
            "hours_text": [HOURS[pattern][0] for pattern in patterns],
            "access_mode_code": [HOURS[pattern][2] for pattern in patterns],
            "has_lock": locks,
            "has_register": _registers(locks, assumptions["capture"]["register_share"], rng),
        }
    )
    declared = np.stack([_mask(pattern) for pattern in patterns])
    truly = _closes_early(declared, rng.random(n) < assumptions["operation"]["early_closing_share"])
    return Stations(table, declared, truly, _factors(classes, assumptions["visits"], rng))


def _buildings(geography: Geography, n: int, rng: np.random.Generator) -> np.ndarray:
    """The building each station stands in or beside, cell by cell; codes are given in this order."""
    height = geography.buildings.height
    return np.sort(rng.choice(height, n, replace=n > height))  # buildings are listed cell by cell


def _mask(pattern: str) -> np.ndarray:
    mask = np.zeros((7, HALF_HOURS), dtype=bool)
    for weekdays, first, last in HOURS[pattern][1]:
        mask[list(weekdays), first:last] = True
    return mask


def _closes_early(declared: np.ndarray, early: np.ndarray) -> np.ndarray:
    """Some stations shut an hour before the hour on the door."""
    truly = declared.copy()
    for station in np.flatnonzero(early):
        for weekday in range(7):
            last = np.flatnonzero(declared[station, weekday])
            if last.size and last.size < HALF_HOURS:
                truly[station, weekday, last[-2:]] = False
    return truly


def _locks(classes: np.ndarray, patterns: list[str], share: float, rng: np.random.Generator) -> np.ndarray:
    """Smart locks stand where nobody staffs the door, then at fixed and integrated bases."""
    urge = rng.random(len(classes)) + 2.0 * np.isin(patterns, ("always", "night", "late")) + 0.6 * (classes != "social")
    return np.argsort(np.argsort(-urge, kind="stable"), kind="stable") < round(share * len(classes))


def _registers(locks: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    rank = np.argsort(np.argsort(rng.random(len(locks)) + 10 * locks, kind="stable"), kind="stable")
    return rank < max(2, round(share * len(locks)))


def _opening_days(rng: np.random.Generator, n: int) -> list[date]:
    """Most opened by the end of 2022, a few in the first quarter, the last ones in spring 2023."""
    offsets = rng.integers(0, 620, n)
    late = rng.permutation(n)
    offsets[late[: max(1, n // 20)]] = rng.integers(775, 800, max(1, n // 20))  # 15 April to 9 May 2023
    offsets[late[n // 20 + 1 : n // 20 + 1 + n // 12]] = 700
    return [date(2021, 3, 1) + timedelta(days=int(offset)) for offset in offsets]


def _factors(classes: np.ndarray, visits: dict[str, float], rng: np.random.Generator) -> np.ndarray:
    """Gamma factors of the stated size at evenly spread quantiles: the skew does not hang on one lucky draw."""
    n = len(classes)
    sample = np.sort(rng.gamma(visits["size"], 1.0, (200, n)), axis=1).mean(axis=0)
    urge = rng.random(n) * np.array([visits[f"class_{code}"] for code in classes])
    factor = sample[np.argsort(np.argsort(urge, kind="stable"), kind="stable")]
    factor[rng.permutation(n)[: round(visits["zero_share"] * n)]] *= 0.02  # counted in the ledger, hardly visited
    return factor / factor.mean()


def _names(geography: Geography, hosts: list[str], building: np.ndarray, rng: np.random.Generator) -> list[str]:
    """Station names, each used once."""
    area, names = geography.area.name_zh, []
    for host, at in zip(hosts, building, strict=True):
        where, road = geography.buildings["name"][int(at)], ROADS[rng.integers(len(ROADS))]
        stem = STEMS[rng.integers(len(STEMS))]
        name = {
            "union_centre": f"{area}职工之家（{road}）暖心驿站",
            "party_centre": f"{area}党群服务中心（{road}）暖心驿站",
            "community_union": f"{road[:2]}社区联合工会暖心驿站",
            "market_office": f"{area}市场所（{road}）暖心驿站",
            "building_station": f"{where}楼宇服务站暖心驿站",
            "enterprise": f"{where[:2]}{stem}企业暖心驿站",
            "estate_agent": f"安居{stem}房产（{road}店）暖心驿站",
            "shop": f"邻里{stem}便利店（{road}店）暖心驿站",
        }[host]
        tries = 1
        base = name
        while name in names:
            tries += 1
            name = base.replace("暖心驿站", f"第{tries}暖心驿站")
        names.append(name)
    return names
