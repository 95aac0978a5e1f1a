"""What a study knows before a review workbook is applied: code lists, registers, and what was decided before."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.contracts import Codebook, Wave, load_codebooks, load_variables, load_waves
from pipeline.contracts.codebook import normal, spelled
from pipeline.contracts.corrections import Correction, load_corrections
from pipeline.contracts.study_file import aliases, declined, load_study_file, no_links, not_aliases
from pipeline.contracts.variables import Variable
from pipeline.paths import Study
from pipeline.warehouse.connect import open_warehouse

_REGISTERS = {
    "station": ("clean.stations", "station_id", "name"), "building": ("clean.buildings", "building_id", "name"),
    "grid": ("clean.grids", "grid_id", "label_zh"), "depot": ("clean.depots", "depot_id", "name"),
}  # fmt: skip
Place = tuple[str, str]  # kind, area


@dataclass(frozen=True)
class Known:
    """`places[(kind, area)]` code → name of the registers of the last good run (empty before the first); `aliases` and
    `apart` by (kind, area, spelling); `corrections` by their cell; `declined` as written; `unlinked` questions (wave, code) that
    stand for no variable."""

    codebooks: dict[str, Codebook]
    areas: frozenset[str]
    raw: Path
    places: dict[Place, dict[str, str]] = field(default_factory=dict)
    aliases: dict[tuple[str, str, str], str] = field(default_factory=dict)
    apart: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    corrections: dict[tuple, Correction] = field(default_factory=dict)
    declined: list[tuple] = field(default_factory=list)
    waves: dict[str, Wave] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    unlinked: set[tuple[str, str]] = field(default_factory=set)

    def named(self, place: Place, text: str) -> list[str]:
        """The codes of the places that a text names, by code, id or name."""
        register, wanted = self.places.get(place, {}), text.strip()
        exact = [code for code, name in register.items() if wanted in (code, f"{place[1]}-{code}", f"{code} {name}")]
        return exact or [code for code, name in register.items() if normal(wanted) in (normal(name), normal(code))]


def load_known(study: Study) -> Known:
    """Everything that decisions are checked against. Raises exit 11 for mistakes in place/."""
    apart: dict[tuple[str, str, str], set[str]] = {}
    for block in not_aliases(study):
        apart.setdefault(_at(block), set()).update(block["local_codes"])
    codebooks = load_codebooks(study)
    return Known(
        codebooks=codebooks, waves=load_waves(study), variables=load_variables(study, codebooks),
        unlinked={(block["wave"], block["question"]) for block in no_links(study)}, areas=frozenset(area.code for area in load_study_file(study).areas),
        raw=study.raw, places=_places(study), apart=apart,
        aliases={_at(block): block["local_code"] for block in aliases(study)},
        corrections={cell_of(c.source, c.file, c.sheet or "", c.row, c.column): c for c in load_corrections(study)},
        declined=[cell_of(None, b["file"], b["sheet"], b["row"], b["column"], b["expect"], b["value"]) for b in declined(study)],
    )  # fmt: skip


def cell_of(source: str | None, file: str, sheet: str, row: int, column: str, *texts: str) -> tuple:
    """What tells one cell of the received files from another."""
    return source, file, sheet, row, normal(column), *texts


def _at(block: dict[str, Any]) -> tuple[str, str, str]:
    return block["kind"], block["area_code"], spelled(block["alias"])


def _places(study: Study) -> dict[Place, dict[str, str]]:
    if not study.warehouse.exists():
        return {}
    found: dict[Place, dict[str, str]] = {}
    with open_warehouse(study) as con:
        for kind, (table, place_id, name) in _REGISTERS.items():
            rows = con.sql(f"select area_code, {place_id}, {name} from {table} order by {place_id}").fetchall()
            for area, code, label in rows:
                found.setdefault((kind, area), {})[code[len(area) + 1 :]] = label
    return found
