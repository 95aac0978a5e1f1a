"""The study file (place/study.toml) and the small tables of a place: promises, published totals, outlines, aliases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.contracts.toml import Reader, load_toml
from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study


@dataclass(frozen=True)
class Area:
    """One study area; its files lie in `raw/<folder>` ('' when the study has one area)."""

    code: str
    label_zh: str
    label_en: str
    folder: str = ""
    tz: str = "Asia/Shanghai"

    @property
    def utc_offset_hours(self) -> float:
        """How far the area's wall clock is ahead of UTC (its standard time; China keeps no summer time).

        >>> Area("A", "", "").utc_offset_hours
        8.0
        """
        if self.tz == "Asia/Shanghai":  # known without a time-zone database, which Windows does not have
            return 8.0
        offset = ZoneInfo(self.tz).utcoffset(datetime(2023, 1, 1))
        return offset.total_seconds() / 3600 if offset else 0.0


@dataclass(frozen=True)
class StudyFile:
    """What a study says of itself. `linkage` holds, per purpose, the basis on which pseudonyms may outlive a month."""

    name_zh: str
    name_en: str
    areas: tuple[Area, ...]
    linkage: dict[str, dict[str, Any]] = field(default_factory=dict)

    def may_link(self, purpose: str, on: date | None = None) -> bool:
        """Whether pseudonyms may link records over months for this purpose: purpose, legal basis and retention date
        all stand in place/study.toml (PIPL Art. 6, 13, 19), and that date has not passed on the day `on`."""
        basis = self.linkage.get(purpose, {})
        if not all(basis.get(name) for name in ("purpose", "legal_basis", "retain_until")):
            return False
        until = basis["retain_until"]
        return on is None or not isinstance(until, date) or until >= on


def load_study_file(study: Study) -> StudyFile:
    """place/study.toml. Raises exit 10 when the study is not there, 11 for mistakes in the file."""
    path = study.place / "study.toml"
    if not path.exists():
        fail(
            FILE,
            Problem("study_missing", str(study.root), "这里没有研究文件夹", "there is no study here",
                    got="—" if not study.root.exists() else "no place/study.toml", expected="place/study.toml",
                    do_zh="先运行 python -m pipeline start 文件夹，再把文件放进 raw",
                    do_en="run python -m pipeline start DIR first, then put files into raw"),
        )  # fmt: skip
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, ("name_zh", "name_en", "is_simulated", "areas", "linkage", "note"), "")
    areas = []
    for block in reader.blocks(table, "areas"):
        where = f"[[areas]] {block.get('code', '?')}"
        reader.known(block, Area.__dataclass_fields__, where)
        areas.append(
            Area(
                code=reader.get(block, "code", str, where),
                label_zh=reader.get(block, "label_zh", str, where),
                label_en=reader.get(block, "label_en", str, where),
                folder=reader.get(block, "folder", str, where, ""),
                tz=reader.get(block, "tz", str, where, "Asia/Shanghai"),
            )
        )
    for area in areas:
        try:
            _ = area.utc_offset_hours
        except (ZoneInfoNotFoundError, ValueError):
            reader.note(
                f"[[areas]] {area.code}", "时区不认识", "unknown time zone", got=area.tz, expected="Asia/Shanghai"
            )
    if not areas:
        reader.note("[[areas]]", "至少要有一个地区", "at least one area is needed")
    if len(areas) > 1 and any(not area.folder for area in areas):
        reader.note("[[areas]]", "多个地区时每个都要写 folder", "with several areas each needs its folder")
    result = StudyFile(
        name_zh=reader.get(table, "name_zh", str, ""),
        name_en=reader.get(table, "name_en", str, ""),
        areas=tuple(areas),
        linkage=reader.get(table, "linkage", dict, "", {}),
    )
    reader.finish()
    return result


def load_place_tables(study: Study, name: str, columns: dict[str, type | tuple[type, ...]]) -> list[dict[str, Any]]:
    """All `[[name]]` blocks of every TOML file directly in place/ or in place/<name>/, checked against `columns`.

    A column whose kinds include NoneType may be absent. Each row carries `_path` and `_number` (its origin).
    """
    rows = []
    for path in [*sorted(study.place.glob("*.toml")), *sorted((study.place / name).glob("*.toml"))]:
        reader = Reader(path)
        for number, block in enumerate(load_toml(path).get(name, []), start=1):
            where = f"[[{name}]] {number}"
            reader.known(block, columns, where)
            row = {}
            for column, kind in columns.items():
                kinds = kind if isinstance(kind, tuple) else (kind,)
                default = None if type(None) in kinds else ...
                row[column] = reader.get(block, column, kinds, where, default)
            rows.append({**row, "_path": path, "_number": number})
        reader.finish()
    return rows


PROMISE_COLUMNS: dict[str, Any] = {
    "area_code": str, "rule_set_code": str, "service_code": str, "label_zh": str, "valid_from": date,
    "valid_to": (date, type(None)),
}  # fmt: skip
TOTAL_COLUMNS: dict[str, Any] = {
    "area_code": str, "measure_code": str, "label_zh": str, "label_en": str, "value": (int, float), "qualifier": str,
    "source": str, "as_of": date,
}  # fmt: skip
GRID_COLUMNS: dict[str, Any] = {"area_code": str, "local_code": str, "label_zh": str, "outline_wkt": str}
BOUNDARY_COLUMNS: dict[str, Any] = {
    "area_code": str,
    "outline_wkt": str,
    "source": str,
    "map_approval_no": (str, type(None)),
}
ALIAS_COLUMNS: dict[str, Any] = {
    "kind": str, "area_code": str, "alias": str, "local_code": str, "reason": (str, type(None)),
    "reviewer": (str, type(None)), "reviewed_on": (date, type(None)),
}  # fmt: skip
NOT_ALIAS_COLUMNS: dict[str, Any] = {
    "kind": str, "area_code": str, "alias": str, "local_codes": list, "reviewer": str, "reviewed_on": date,
}  # fmt: skip

DECLINED_COLUMNS: dict[str, Any] = {
    "file": str, "sheet": str, "row": int, "column": str, "expect": str, "value": str, "reviewer": str,
    "reviewed_on": date,
}  # fmt: skip
NO_LINK_COLUMNS: dict[str, Any] = {"wave": str, "question": str, "variable": str, "reviewer": str, "reviewed_on": date}


def aliases(study: Study) -> list[dict[str, Any]]:
    """Reviewed spellings of stations, buildings, grids and depots (`[[alias]]` blocks in place/)."""
    return load_place_tables(study, "alias", ALIAS_COLUMNS)


def not_aliases(study: Study) -> list[dict[str, Any]]:
    """What was looked at and is *not* the same place (`[[not_alias]]` blocks in place/): the text, or the code of a place,
    and the codes it does not stand for. Nobody is asked again about these."""
    return load_place_tables(study, "not_alias", NOT_ALIAS_COLUMNS)


def declined(study: Study) -> list[dict[str, Any]]:
    """Corrections that were proposed and that a person declined (`[[declined]]` blocks in place/): what stands in the file
    is right. They are not proposed again."""
    return load_place_tables(study, "declined", DECLINED_COLUMNS)


def no_links(study: Study) -> list[dict[str, Any]]:
    """Questions of waves that a person looked at and linked to no standard variable (`[[no_link]]` blocks in place/).
    Nobody is asked again about these."""
    return load_place_tables(study, "no_link", NO_LINK_COLUMNS)


def relative(path: Path, study: Study) -> str:
    """A path as shown to people: below the study, with forward slashes."""
    try:
        return path.resolve().relative_to(study.root).as_posix()
    except ValueError:
        return path.name
