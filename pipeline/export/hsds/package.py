"""The files of the package: one CSV per table of the standard, every field in its order, and the descriptor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipeline.contracts import hsds
from pipeline.export.hsds import descriptor, marks, offers, places
from pipeline.export.hsds.register import Register

Row = dict[str, Any]


def files(register: Register) -> dict[str, str]:
    """File name → content; datapackage.json first."""
    rows = tables(register)
    return {"datapackage.json": descriptor.render(register)} | {
        table.path: csv(table, rows[name]) for name, table in hsds.standard().items()
    }


def tables(register: Register) -> dict[str, list[Row]]:
    """Rows by table of the standard."""
    found = marks.marks(register)
    return {
        "organization": places.organizations(register),
        "organization_identifier": places.organization_identifiers(register),
        "service": offers.services(register),
        "location": places.locations(register),
        "address": places.addresses(register),
        "service_at_location": offers.services_at_locations(register),
        "schedule": offers.schedules(register),
        "taxonomy": marks.taxonomies(register, found),
        "taxonomy_term": marks.terms(register, found),
        "attribute": marks.attributes(register, found),
        "metadata": origins(register),
    }


def origins(register: Register) -> list[Row]:
    """Per area one record of where the register comes from; one more that says so when the files were simulated."""
    rows = []
    latest = register.stations.group_by("area_code").agg(pl.col("as_of").max(), n=pl.len()).sort("area_code")
    for area, as_of, n in latest.iter_rows():
        said = {"location": register.say("written", n=n, inputs=register.build.get("inputs_sha256") or "—")}
        if register.is_simulated:
            said["is_simulated"] = register.warning
        rows += [
            {
                "id": register.id("metadata", area, name),
                "resource_id": register.id("organization", area),
                "resource_type": "organization",
                "last_action_date": as_of,
                "last_action_type": "create",
                "field_name": name,
                "previous_value": register.say("none"),
                "replacement_value": text,
                "updated_by": f"warm-stations {register.build.get('code_version', '')}".strip(),
            }
            for name, text in said.items()
        ]
    return rows


def csv(table: hsds.Standard, rows: Sequence[Row]) -> str:
    """UTF-8 CSV with every field of the table, in its order; numbers to the last bit; no text can become a formula."""
    columns = {
        name: pl.Series(name, [row.get(name) for row in rows], dtype=_dtype(table, name)) for name in table.fields
    }
    frame = pl.DataFrame(columns)
    text = [name for name in table.fields if name not in table.types]
    return frame.with_columns(_harmless(name) for name in text).write_csv()


def _dtype(table: hsds.Standard, name: str) -> pl.DataType | type[pl.DataType]:
    return {"number": pl.Float64, "date": pl.Date}.get(table.types.get(name, ""), pl.String)


def _harmless(name: str) -> pl.Expr:
    text = pl.col(name)
    risky = text.str.contains(hsds.FORMULA) & ~text.str.contains(hsds.PLAIN_NUMBER)
    return pl.when(risky).then("'" + text).otherwise(text).alias(name)
