"""Corrections as data: `[[correction]]` blocks in place/corrections/*.toml, each with a guard on the value it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import Study

KEYS = ("source", "file", "sheet", "row", "column", "expect", "value", "reason", "reviewer", "reviewed_on")


@dataclass(frozen=True)
class Correction:
    """One cell of one received file: what stands there (`expect`, a guard), what is right, why, and who says so.

    `sheet` may be left out where the file has one. An empty `expect` or `value` means a blank cell.
    """

    source: str
    file: str
    sheet: str | None
    row: int
    column: str
    expect: str
    value: str
    reason: str
    reviewer: str
    reviewed_on: date
    path: Path
    number: int

    @property
    def where(self) -> str:
        """The block, as shown in messages."""
        return f"{self.path.parent.name}/{self.path.name} [[correction]] {self.number}"


def load_corrections(study: Study) -> list[Correction]:
    """Every correction of a study, in order of file and block. Raises exit 11 with all mistakes of a file."""
    found = []
    for path in sorted((study.place / "corrections").glob("*.toml")):
        reader = Reader(path)
        table = load_toml(path)
        reader.known(table, ("correction",), "")
        for number, block in enumerate(reader.blocks(table, "correction", []), start=1):
            where = f"[[correction]] {number}"
            reader.known(block, KEYS, where)
            values = {
                name: reader.get(block, name, str, where)
                for name in KEYS
                if name not in ("sheet", "row", "reviewed_on")
            }
            correction = Correction(
                **values,
                sheet=reader.get(block, "sheet", str, where, None),
                row=reader.get(block, "row", int, where),
                reviewed_on=reader.get(block, "reviewed_on", date, where),
                path=path, number=number,
            )  # fmt: skip
            for name in ("reason", "reviewer"):
                if not (values[name] or "").strip():
                    reader.note(where, f"{name} 不能为空", f"{name} is empty", expected=f'{name} = "…"')
            found.append(correction)
        reader.finish()
    return found
