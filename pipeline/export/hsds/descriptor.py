"""datapackage.json: what the package is, and every field with its type, constraints and keys, as the standard has them."""

from __future__ import annotations

import json
from typing import Any

from pipeline.contracts import hsds
from pipeline.export.hsds.register import Register

Row = dict[str, Any]


def render(register: Register) -> str:
    """The descriptor as text."""
    return json.dumps(describe(register), ensure_ascii=False, indent=2) + "\n"


def describe(register: Register) -> Row:
    """The descriptor: titles, fields with types and constraints, keys; what is simulated says so."""
    areas = register.say("joint").join(register.label("areas", area) for area in register.areas["area_code"])
    title = register.say("title", areas=areas)
    return {
        "profile": "tabular-data-package",
        "name": "warm-stations-register",
        "title": f"{title} · {register.warning}" if register.warning else title,
        "description": register.stamp(register.say("package")),
        "is_simulated": register.is_simulated,
        "hsds_version": hsds.facts()["version"],
        "resources": [_resource(table) for table in hsds.standard().values()],
    }


def _resource(table: hsds.Standard) -> Row:
    references = [
        {"fields": field, "reference": {"resource": there, "fields": "id"}} for field, there in table.refers.items()
    ]
    schema: Row = {"fields": [_field(table, name) for name in table.fields], "primaryKey": "id", "missingValues": [""]}
    return {
        "name": table.name,
        "path": table.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": references} if references else {}),
    }


def _field(table: hsds.Standard, name: str) -> Row:
    kind = table.types.get(name, "string")
    is_format = kind in ("uuid", "email", "uri")
    constraints: Row = {"required": name in table.required, "unique": name in table.unique}
    if name in table.choices:
        constraints["enum"] = list(table.choices[name])
    return {
        "name": name,
        "type": "string" if is_format else kind,
        **({"format": kind} if is_format else {}),
        "constraints": constraints,
    }
