"""The places a study knows, as choices for drop-downs: names of stations, buildings and depots from its warehouse, of grid
cells from place/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.contracts.codebook import normal
from pipeline.contracts.deliveries import simulated_paths
from pipeline.contracts.study_file import GRID_COLUMNS, load_place_tables
from pipeline.paths import Study
from pipeline.warehouse.connect import open_warehouse

_REGISTERS = {"station": "clean.stations", "building": "clean.buildings", "depot": "clean.depots"}
Known = dict[str, dict[str, list[str]]]  # area → kind → choices


def known_places(study: Study) -> tuple[Known, bool]:
    """The choices per area and kind, and whether they come from a simulated study.

    A study whose line has not been run yet has no warehouse: then only its grid cells are known.
    """
    rows = [
        ("grid", str(row["area_code"]), str(row["local_code"]), str(row["label_zh"]))
        for row in load_place_tables(study, "grid", GRID_COLUMNS)
    ]
    is_simulated = bool(simulated_paths(study))
    if study.warehouse.exists():
        with open_warehouse(study) as con:
            for kind, table in _REGISTERS.items():
                code = f"substr({kind}_id, length(area_code) + 2)"
                found = con.sql(f"select area_code, {code}, name from {table} order by {kind}_id").fetchall()
                rows += [(kind, *row) for row in found]
            simulated = con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()
            is_simulated = is_simulated or bool(simulated[0][0])
    known: Known = {}
    for kind, area in sorted({(kind, area) for kind, area, _, _ in rows}):
        known.setdefault(area, {})[kind] = choices((c, n) for k, a, c, n in rows if (k, a) == (kind, area))
    return known, is_simulated


def choices(places: Iterable[tuple[str, str]]) -> list[str]:
    """What to offer for places given as (code, name): the name where it means one place, else the code.

    >>> choices([("S1", "东门驿站"), ("S2", "东门 驿站"), ("S3", "西门驿站")])
    ['S1', 'S2', '西门驿站']
    """
    places = list(places)
    meant = Counter(text for code, name in places for text in {normal(code), normal(name)})
    return [name if meant[normal(name)] == 1 else code for code, name in places]
