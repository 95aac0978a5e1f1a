"""place/: what is true only in this (made-up) place — study file, waves, promises, published totals, outlines, aliases."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.toml_text import toml_file
from pipeline.contracts.wave import Question
from pipeline.simulate.defects import Record
from pipeline.simulate.geography import grid_code, grid_label
from pipeline.simulate.second_wave import questions_of
from pipeline.simulate.survey import Answers
from pipeline.simulate.world import World
from pipeline.simulate.write_surveys import export_names

PROMISES = {
    "cool": "热可纳凉", "warm": "冷可取暖", "shelter": "雨可栖身", "toilet": "急可如厕", "water": "渴可饮水",
    "rest": "累可歇脚", "medicine": "伤可用药", "meal_discount": "餐可优惠",
}  # fmt: skip
STATEMENT = "模拟的公开报道（仿 2023-05-14 报道的口径）"
OPENED = date(2023, 5, 14)
SIMULATED = "模拟数据，仅供演示，不得作为决策依据。\nMade by the simulator: simulated, for demonstration only."


def write_place(place: Path, worlds: list[World], waves: list[list[Answers]], records: list[Record]) -> None:
    """All files of place/."""
    place.mkdir(parents=True, exist_ok=True)
    _write(place / "study.toml", _study(worlds))
    _write(place / "promises.toml", _promises(worlds))
    _write(place / "published_totals.toml", _totals(worlds))
    _write(place / "boundary.toml", _boundary(worlds))
    _write(place / "grids.toml", _grids(worlds))
    _write(place / "aliases.toml", _aliases(worlds, records))
    for world in worlds:
        name = f"{world.area.code.lower()}_attached.toml" if world.area.folder else "attached.toml"
        _write(place / "population" / name, population_file(world))
    for world, answered in zip(worlds, waves, strict=True):
        for answers in answered:
            code = wave_code(world, answers)
            _write(place / "waves" / f"{code}.toml", _wave(world, answers, code))


def wave_code(world: World, answers: Answers) -> str:
    """The code of a wave: its quarter, with the area in front where there are several."""
    prefix = f"{world.area.code.lower()}_" if world.area.folder else ""
    return f"{prefix}{answers.plan.period.lower()}_courier"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _study(worlds: list[World]) -> str:
    names = worlds[0].area if len(worlds) == 1 else None
    head = {
        "name_zh": f"{names.name_zh}街道暖心驿站（模拟）" if names else "两街道暖心驿站（模拟）",
        "name_en": f"Warm-heart stations of {names.label_en}"
        if names
        else "Warm-heart stations of two simulated subdistricts",
        "is_simulated": True,
    }
    areas = [
        ("[[areas]]", {"code": w.area.code, "label_zh": w.area.label_zh, "label_en": w.area.label_en, "folder": w.area.folder,
                       "tz": "Asia/Shanghai"})
        for w in worlds
    ]  # fmt: skip
    panel = {
        "purpose": "比较同一位受访者在两次调查中的变化（模拟）", "legal_basis": "受访者同意（问卷知情同意书第 1 版）",
        "retain_until": date(2024, 12, 31),
    }  # fmt: skip
    return toml_file(SIMULATED, head, [*areas, ("[linkage.panel]", panel)])


def _promises(worlds: list[World]) -> str:
    blocks = [
        ("[[promise]]", {"area_code": w.area.code, "rule_set_code": "ba_ke", "service_code": code, "label_zh": text,
                         "valid_from": date(2022, 6, 1)})
        for w in worlds for code, text in PROMISES.items()
    ]  # fmt: skip
    return toml_file(SIMULATED + "\n“八可”：承诺的八项服务，自所列日期起。", {}, blocks)


def _totals(worlds: list[World]) -> str:
    blocks = []
    for world in worlds:
        classes = world.stations.table["class_code"].value_counts().sort("class_code")
        counts = dict(classes.iter_rows())
        figures: list[tuple[str, str, str, float, str]] = [
            ("stations", "暖心驿站", "Warm-heart stations", world.stations.n, "eq"),
            ("stations_fixed", "固定阵地", "Fixed bases", counts.get("fixed", 0), "eq"),
            ("stations_integrated", "整合式阵地", "Integrated bases", counts.get("integrated", 0), "eq"),
            ("stations_social", "社会化阵地", "Social bases", counts.get("social", 0), "eq"),
            ("buildings", "商务楼宇", "Office buildings", world.geography.buildings.height, "eq"),
            ("couriers", "快递小哥、外卖骑手", "Couriers and riders", _bound(world), "gt"),
            (
                "depots",
                "快递网点",
                "Courier depots",
                world.assumptions["depots"]["count"] + 1,
                "eq",
            ),  # ledger: an earlier date
            ("first_building_leads", "第一楼长", "District-assigned first building leads", 8, "eq"),
            ("workers", "楼宇工作人员", "People working in the buildings", 300000, "approx"),
            ("residents", "居民", "Residents", 45000, "approx"),
            ("promised_services", "承诺服务（八可）", "Promised services", len(PROMISES), "eq"),
        ]
        for code, zh, en, value, qualifier in figures:
            blocks.append(("[[published_total]]", {
                "area_code": world.area.code, "measure_code": code, "label_zh": zh, "label_en": en, "value": value,
                "qualifier": qualifier, "source": STATEMENT, "as_of": OPENED,
            }))  # fmt: skip
    return toml_file(SIMULATED + "\n公布的数字是界限（gt 超过、approx 约）或确数（eq）。", {}, blocks)


def _bound(world: World) -> int:
    attached = int(world.people.table["is_attached"].sum())
    return attached // 100 * 100 if attached >= 200 else attached // 10 * 10


def _boundary(worlds: list[World]) -> str:
    blocks = [
        (
            "[[boundary]]",
            {"area_code": w.area.code, "outline_wkt": w.geography.boundary_wkt(), "source": "虚构边界，WGS-84"},
        )
        for w in worlds
    ]
    return toml_file(SIMULATED + "\n虚构的边界，WGS-84。", {}, blocks)


def _grids(worlds: list[World]) -> str:
    blocks = [
        ("[[grid]]", {"area_code": w.area.code, "local_code": grid_code(cell), "label_zh": grid_label(w.area, cell),
                      "outline_wkt": w.geography.cell_wkt(cell)})
        for w in worlds for cell in range(w.geography.n_cells)
    ]  # fmt: skip
    return toml_file(SIMULATED + "\n十二个虚构网格，铺满边界，WGS-84。", {}, blocks)


def _aliases(worlds: list[World], records: list[Record]) -> str:
    blocks = [
        ("[[alias]]", {"kind": "station", "area_code": world.area.code, "alias": alias, "local_code": code,
                       "reason": "简称或错字，已与填报单位核对（模拟）", "reviewer": "审核员甲", "reviewed_on": date(2023, 6, 1)})
        for world, record in zip(worlds, records, strict=True)
        for alias, code in sorted(record.aliases.items())
    ]  # fmt: skip
    return toml_file(SIMULATED + "\n经核对的别名：只用于对应，不改原文。", {}, blocks)


def population_file(world: World) -> str:
    """What the depots' rosters know of the couriers attached to them, and what was published of their number."""
    attached = world.people.table.filter("is_attached")
    published = {"measure": "couriers", "value": _bound(world), "qualifier": "gt", "source": STATEMENT, "as_of": OPENED}
    counted = {"measure": "couriers", "value": attached.height, "qualifier": "exact"}
    shifts = dict(attached["shift"].value_counts().sort("shift").iter_rows())
    cells = dict(attached["cell"].value_counts().sort("cell").iter_rows())
    margins = {"shift": shifts, "grid": {grid_code(cell): n for cell, n in cells.items()}}
    head = {
        "area_code": world.area.code, "population": "attached", "as_of": date(2023, 3, 31), "source": "各网点花名册（模拟）",
    }  # fmt: skip
    blocks = [("[[total]]", published), ("[[total]]", counted)]
    blocks += [("[[margin]]", {"variable": v, "qualifier": "exact", "levels": n}) for v, n in margins.items()]
    return toml_file(SIMULATED + "\n已知总数：问卷按确数加权；“超过”是界限，不用来加权。", head, blocks)


def _wave(world: World, answers: Answers, code: str) -> str:
    plan = answers.plan
    head: dict[str, Any] = {
        "code": code,
        "label_zh": plan.title,
        "label_en": f"Courier needs survey, {plan.period}",
        "platform_family": plan.family,
        "area_code": world.area.code,
        "population_code": "attached",
        "mode_code": "qr",
        "opened_on": plan.opened_on,
        "closed_on": plan.closed_on,
        "frame_total": int(world.people.table["is_attached"].sum()),
        "consent_version": "第1版",
        "purpose": "了解小哥的服务需求，改进暖心驿站（模拟）",
        "legal_basis": "受访者同意（问卷开头的知情同意书，模拟）",
        "retain_until": date(2030, 12, 31),
        "files": export_names(plan),
        "drop_flags": ["attention_failed", "duplicate"],
        "poststratify_by": ["user_group", "platform"],
    }
    blocks = [("[[question]]", _question(question)) for question in questions_of(world, plan.number)]
    return toml_file(SIMULATED, head, blocks)


def _question(question: Question) -> dict[str, Any]:
    values = {name: value for name, value in asdict(question).items() if _said(value) and value not in ((), {})}
    if question.missing:  # marks are words of the export: quoted keys
        values["missing"] = {f'"{mark}"': state for mark, state in question.missing.items()}
    for name in ("items", "options"):
        if name in values:
            values[name] = [{k: v for k, v in part.items() if _said(v)} for part in values[name]]
    order = (
        "code",
        "number",
        "type",
        "variable",
        "text_zh",
        "text_en",
        "personal",
        "expected",
        "missing_none",
        "missing",
        "min",
        "max",
    )
    return {name: values[name] for name in (*order, "items", "options") if name in values}


def _said(value: Any) -> bool:
    return value is not None and value is not False  # 0 is an answer value like any other
