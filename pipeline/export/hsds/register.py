"""What the package is made from: the open columns of stations, services and hours as of each station's latest ledger."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from pipeline import disclose
from pipeline.contracts import hsds, load_place_tables
from pipeline.disclose import Disclosure
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.export.manifest import build_facts
from pipeline.findings.context import code_labels
from pipeline.paths import Study

# Valid on the date of the ledger the station's own row comes from: a later ledger that is silent ends what was said. Two
# declarations of one service for that date cannot come from one ledger; the later one holds.
QUERIES = {
    "stations": "select {columns} from clean.stations as t order by station_id",
    "station_services": (
        "select {columns} from clean.station_services as t join clean.stations as s on s.station_id = t.station_id "
        "where t.valid_from <= s.as_of and coalesce(t.valid_to, s.as_of) >= s.as_of "
        "qualify row_number() over (partition by t.station_id, t.service_code order by t.valid_from desc) = 1 "
        "order by t.station_id, t.service_code"
    ),
    "station_hours": (
        "select {columns} from clean.station_hours as t join clean.stations as s on s.station_id = t.station_id "
        "where coalesce(t.as_of, t.valid_from) = s.as_of "
        "order by t.station_id, t.weekday, t.opens_minute, t.closes_minute, t.access_mode_code, t.valid_from"
    ),
}
ADDRESS_COLUMNS: dict[str, Any] = {
    "area_code": str, "city": str, "state_province": str, "postal_code": (str, type(None)), "country": str,
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """The register in one language. `areas`: area_code, label_zh, label_en, tz, of areas with stations; `labels` as in a
    findings context; `addresses`: what place/ says of city, province, postal code and country, per area."""

    areas: pl.DataFrame
    stations: pl.DataFrame
    services: pl.DataFrame
    hours: pl.DataFrame
    labels: dict[tuple[str, str], tuple[str, str]]
    lang: str = "zh"
    is_simulated: bool = False
    build: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def id(self, table: str, *key: object) -> str:
        """The uuid of a row: the same for the same key in every package; simulated stations never share one with real ones."""
        name = "\x1f".join(["simulated" if self.is_simulated else "received", table, *map(str, key)])
        return str(uuid.uuid5(uuid.UUID(hsds.facts()["namespace"]), name))

    def label(self, list_code: str, code: str, *, other: bool = False) -> str:
        """The words for a code, in the package's language or in the other one; the code itself where there are none."""
        pair = self.labels.get((list_code, code), (code, code))
        return pair[(self.lang == "en") != other]

    def say(self, word: str, **values: object) -> str:
        """A sentence of metadata/hsds.toml."""
        return str(hsds.facts()["words"][word][self.lang]).format(**values)

    @property
    def warning(self) -> str:
        """What is to be said of simulated files; empty when they were received."""
        return str(disclose.rules()["simulated"][self.lang]) if self.is_simulated else ""

    def stamp(self, text: str) -> str:
        """A text with the warning, if there is one, in front of it."""
        end = "。" if self.lang == "zh" else ". "
        return f"{self.warning}{end}{text}" if self.warning else text


def read(con: duckdb.DuckDBPyConnection, study: Study, lang: str = "zh") -> Register:
    """The register of a warehouse. Exit 11 for mistakes in place/, exit 13 when a column that is not open would leave."""
    areas = con.sql(
        "select area_code, label_zh, label_en, tz from ref.areas as a "
        "where exists (from clean.stations as s where s.area_code = a.area_code) order by 1"
    ).pl()
    simulated = con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()[0][0]
    return Register(
        areas=areas,
        stations=_frame(con, "stations"),
        services=_frame(con, "station_services"),
        hours=_frame(con, "station_hours"),
        labels=code_labels(con) | hsds.own_labels(),
        lang=lang,
        is_simulated=bool(simulated),
        build=build_facts(con),
        addresses=_addresses(
            study, [row[0] for row in con.sql("select area_code from ref.areas order by 1").fetchall()]
        ),
    )


def _frame(con: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    """The columns of a table that the package holds, once the gate has seen that the public may have them."""
    names = [column.name for column in hsds.kept(table)]
    frame = con.sql(QUERIES[table].format(columns=", ".join(f"t.{name}" for name in names))).pl()
    disclose.check(frame, Disclosure(keys=tuple(names)), audience="public", name=f"hsds {table}")
    return frame


def _addresses(study: Study, areas: list[str]) -> dict[str, dict[str, Any]]:
    """`[[address]]` blocks of place/, one per area of the study."""
    found: dict[str, dict[str, Any]] = {}
    wrong = []
    for block in load_place_tables(study, "address", ADDRESS_COLUMNS):
        area = block["area_code"]
        if area not in areas or area in found:
            words = ("地区写了两次", "an area twice") if area in found else ("没有这个地区", "there is no such area")
            wrong.append(
                Problem("contract_invalid", f"{block['_path']} [[address]] {block['_number']}", *words, got=area,
                        expected=" / ".join(areas), do_zh="请修改该 TOML 文件", do_en="mend this TOML file")
            )  # fmt: skip
        found[area] = block
    if wrong:
        fail(CONTRACT, *wrong)
    return found
