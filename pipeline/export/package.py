"""Machine-readable tables: one CSV per finding and a datapackage.json (Frictionless v2) that describes them."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.columns import heading, kind
from pipeline.findings.finding import Context, Result

DANGEROUS = r"^[=+\-@\t\r＝＋－＠]"  # a spreadsheet would take such a text for a formula (CWE-1236)


def files(results: list[Result], context: Context) -> dict[str, str]:
    """File name → content: `<id>.csv` for every finding and `datapackage.json`."""
    made = {f"{result.finding.id}.csv": csv(result.table) for result in results}
    made["datapackage.json"] = json.dumps(describe(results, context), ensure_ascii=False, indent=2) + "\n"
    return made


def csv(table: pl.DataFrame) -> str:
    """Plain UTF-8 CSV; hidden cells are empty beside `suppressed = true`; text cannot become a formula."""
    text = [name for name, dtype in table.schema.items() if dtype == pl.String]
    safe = table.with_columns(
        pl.when(pl.col(name).str.contains(DANGEROUS)).then("'" + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name in text
    )
    return safe.write_csv()


def describe(results: list[Result], context: Context) -> dict[str, Any]:
    """The data package: Chinese and English titles, types, codes, keys and missing values."""
    simulated = disclose.rules()["simulated"]
    why = disclose.rules()["why"]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"warm-stations-{context.period.lower()}",
        "title": f"暖心驿站 {context.period}",
        "title_en": f"Warm stations {context.period}",
        "description": (f"{simulated['zh']}。" if context.is_simulated else "") + why["zh"],
        "description_en": (f"{simulated['en']}. " if context.is_simulated else "") + why["en"],
        "is_simulated": context.is_simulated,
        "resources": [_resource(result, context) for result in results],
    }


def _resource(result: Result, context: Context) -> dict[str, Any]:
    finding = result.finding
    return {
        "name": finding.id,
        "path": f"{finding.id}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": finding.question_zh,
        "title_en": finding.question_en,
        "description": finding.measure_zh,
        "description_en": finding.measure_en,
        **({"method": result.method[0], "method_en": result.method[1]} if result.method[0] else {}),
        "schema": {
            "fields": [_field(result.table, name, context) for name in result.table.columns],
            "primaryKey": list(finding.disclosure.keys),
            "missingValues": [""],
        },
    }


def _field(table: pl.DataFrame, name: str, context: Context) -> dict[str, Any]:
    dtype = table.schema[name]
    type_ = (
        "boolean"
        if dtype == pl.Boolean
        else "integer"
        if dtype.is_integer()
        else "number"
        if dtype.is_float()
        else "date"
        if dtype == pl.Date
        else "string"
    )
    field: dict[str, Any] = {
        "name": name,
        "type": type_,
        "title": heading(name, "zh"),
        "title_en": heading(name, "en"),
        "description": _meaning(name),
    }
    form = kind(name)
    if form.startswith("code:") and form != "code:values":
        codes = table[name].drop_nulls().unique().sort().to_list()
        field["categories"] = [{"value": c, "label": context.label(form.removeprefix("code:"), c, "zh")} for c in codes]
    return field


def _meaning(name: str) -> str:
    if name.startswith("suppressed"):
        return "true：人数不足，该行相应数字不公开（留空），不等于零"
    return {"share": "0 到 1 的比例", "count": "计数"}.get(kind(name), heading(name, "zh"))
