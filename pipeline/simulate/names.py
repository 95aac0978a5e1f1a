"""Invented names and numbers: none belongs to a person, firm or place that exists.

Telephone numbers begin with 100 (no such mobile range), addresses of machines come from the three networks that
RFC 5737 reserves for documentation, persons are called 某甲 to 某癸.
"""

from __future__ import annotations

import itertools

import numpy as np

WATERS = "晴望云栖澄映霁岚汀溪泊渚澜淞沐棠梧枫桐槐兰芷蘅萱"
PLACES = "川岚渡汐汀洲屿坪湾垣岭浦"
BUILDINGS = ("大厦", "中心", "广场", "国际", "商务楼", "科技楼", "公馆", "创意园")
ROADS = ("望川路", "栖云街", "澄湾路", "映溪街", "霁月路", "汀兰巷", "澜桥东路", "沐棠西街", "梧影路", "枫泊街")
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
STEMS = "甲乙丙丁戊己庚辛壬癸"
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")


def building_names(rng: np.random.Generator, n: int) -> list[str]:
    """n different names of buildings."""
    words = [a + b for a, b in itertools.product(WATERS, PLACES)]
    picked = rng.permutation(len(words))[:n]
    kinds = rng.integers(0, len(BUILDINGS), n)
    return [words[i] + BUILDINGS[kind] for i, kind in zip(picked, kinds, strict=True)]


def persons(rng: np.random.Generator, n: int) -> list[str]:
    """n invented names of persons, which repeat."""
    surnames, stems = rng.integers(0, len(SURNAMES), n), rng.integers(0, len(STEMS), n)
    return [f"{SURNAMES[a]}某{STEMS[b]}" for a, b in zip(surnames, stems, strict=True)]


def phones(rng: np.random.Generator, n: int) -> np.ndarray:
    """n different telephone numbers of the impossible range 100xxxxxxxx."""
    return np.array([f"100{i:08d}" for i in rng.permutation(n * 7 + 1000)[:n]])


def machine_addresses(rng: np.random.Generator, n: int) -> list[str]:
    """n addresses of the reserved documentation networks; many share one, as behind a station's Wi-Fi."""
    networks, hosts = rng.integers(0, 3, n), rng.integers(1, 255, n)
    return [f"{NETWORKS[a]}.{b}" for a, b in zip(networks, hosts, strict=True)]


def open_ids(rng: np.random.Generator, n: int) -> np.ndarray:
    """n different account ids of the mini-program."""
    return np.array([f"oSIM{i:010x}" for i in rng.permutation(n * 5 + 1000)[:n].astype(np.int64) * 7919 + 104729])
