"""How the register is written as an Open Referral HSDS 3 package, as data: metadata/hsds.toml, for writing and for reading back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.contracts.toml import load_toml
from pipeline.paths import METADATA

PATH = METADATA / "hsds.toml"
# A spreadsheet takes a text that begins so for a formula: such texts get an apostrophe before them, which reading takes
# off. One that begins with apostrophes already gets one more, so that nothing is taken off that was there.
FORMULA = r"^'*[=+\-@\t\r＝＋－＠]"
PLAIN_NUMBER = (
    r"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$"  # no formula: the negative numbers among the values stay as they are
)


@dataclass(frozen=True)
class Standard:
    """One table of the standard that we use: its file, fields in order, and what must hold."""

    name: str
    path: str
    fields: tuple[str, ...]
    required: frozenset[str]
    unique: frozenset[str]
    types: dict[str, str]  # field → uuid, date, time …; text where it is not named
    refers: dict[str, str]  # field → the table whose id it holds
    choices: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Kept:
    """One column of ours and where it goes: a field of the standard (`at`), a term (`list_code`), or a fact (neither)."""

    name: str
    type: str = "string"
    at: str = ""
    list_code: str = ""
    zh: str = ""
    en: str = ""
    otherwise: str = ""
    required: bool = False

    @property
    def is_fact(self) -> bool:
        """Whether it is the value of an attribute, because the standard has no field for it."""
        return not self.at and not self.list_code


@cache
def facts() -> dict[str, Any]:
    """metadata/hsds.toml."""
    return load_toml(PATH)


@cache
def standard() -> dict[str, Standard]:
    """The tables of the standard we use, in the order in which they are written.

    >>> standard()["location"].path, standard()["location"].refers
    ('locations.csv', {'organization_id': 'organization'})
    """
    return {name: _table(name, block) for name, block in facts()["tables"].items()}


def _table(name: str, block: dict[str, Any]) -> Standard:
    return Standard(
        name=name,
        path=block["path"],
        fields=tuple(block["fields"]),
        required=frozenset(block["required"]),
        unique=frozenset(block.get("unique", ["id"])),
        types={field: kind for kind, fields in block["types"].items() for field in fields},
        refers=block.get("refers", {}),
        choices={field: tuple(values) for field, values in block.get("choices", {}).items()},
    )


@cache
def kept(table: str) -> tuple[Kept, ...]:
    """The columns of one of our tables (`stations`, `station_services`, `station_hours`) that the package holds.

    >>> [column.name for column in kept("station_hours")][:3]
    ['station_id', 'area_code', 'weekday']
    """
    return tuple(Kept(**block) for block in facts()["columns"][table])


def own_labels() -> dict[tuple[str, str], tuple[str, str]]:
    """(list, code) → labels zh and en of the two lists that are the package's own: declarations and facts."""
    terms = facts()["lists"]["declarations"]["terms"]
    found = {("declarations", code): (label["zh"], label["en"]) for code, label in terms.items()}
    columns = [column for table in facts()["columns"] for column in kept(table) if column.is_fact]
    return found | {("facts", column.name): (column.zh, column.en) for column in columns}
