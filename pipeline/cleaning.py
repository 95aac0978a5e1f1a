"""All rooms of cleaning in their order: the place, ledgers, surveys, logs — into one set of clean and audit tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.clean.fates import FATES, LEDGER, NOTICES, conform, notice, together
from pipeline.clean.geo.outline import read_outlines
from pipeline.clean.ledgers import Around, Cleaned, clean_ledgers
from pipeline.clean.places.known_places import Places, register
from pipeline.clean.places.open_questions import Decided, open_questions
from pipeline.clean.reference import outlines, reference_tables
from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.clean.surveys.open_answers import open_answer_tables
from pipeline.clean.totals import TOTALS
from pipeline.clean.way_back.repairs import Repairs, read_repairs
from pipeline.clean.weighting.weigh import Weights, weigh
from pipeline.contracts import Wave, check_tables
from pipeline.contracts.bundle import Contracts
from pipeline.contracts.returned import HEADER_ROW, ReturnSheet
from pipeline.logs import LogDelivery, LogResult, load_logs, way_back
from pipeline.paths import Study
from pipeline.progress import Progress
from pipeline.receive import Received, ledger_sources, source_files, unclaimed
from pipeline.warehouse.dictionary import tables as dictionary
from pipeline.warehouse.load import EventFile


@dataclass
class Prepared:
    """Everything the warehouse is loaded with: tables by qualified name, event files and files counted from them by month,
    the account of all rows (`fate_files` are further fates; `stored` every file of the store that this build means), the
    rows to repair, repaired ones that came back, and what is left for a person to decide."""

    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    events: list[EventFile] = field(default_factory=list)
    counts: list[tuple[str, Path]] = field(default_factory=list)
    fate_files: list[Path] = field(default_factory=list)
    stored: list[Path] = field(default_factory=list)
    fates: list[pl.DataFrame] = field(default_factory=list)
    ledger: list[pl.DataFrame] = field(default_factory=list)
    notices: list[pl.DataFrame] = field(default_factory=list)
    totals: list[pl.DataFrame] = field(default_factory=list)
    as_of: dict[str, date] = field(default_factory=dict)
    owner: dict[str, str] = field(default_factory=dict)
    place_files: list[dict] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    returns: list[ReturnSheet] = field(default_factory=list)
    repairs: Repairs = field(default_factory=Repairs)
    unknown: list[pl.DataFrame] = field(default_factory=list)
    proposals: list[pl.DataFrame] = field(default_factory=list)

    def account(self, fates: pl.DataFrame, ledger: pl.DataFrame, notices: pl.DataFrame) -> None:
        """Add the fates, ledger lines and notices of one room."""
        self.fates.append(conform(fates, FATES))
        self.ledger.append(conform(ledger, LEDGER))
        self.notices.append(conform(notices, NOTICES))


def clean_place_and_ledgers(study: Study, contracts: Contracts, received: Received, key: bytes) -> Prepared:
    """The place's own tables, then every ledger and programme file."""
    prepared = Prepared()
    columns_of = {name: [column.name for column in table.columns] for name, table in dictionary().items()}
    check_tables(contracts.sources, columns_of)
    reference = reference_tables(study, contracts, is_simulated=received.is_simulated)
    outlined, ledger, prepared.place_files = outlines(study)
    prepared.tables |= reference | outlined
    prepared.ledger += ledger
    register(prepared.places, "clean.grids", outlined["clean.grids"])
    prepared.places.add_aliases(contracts.aliases)
    boundaries = read_outlines(outlined["clean.boundaries"])
    prepared.repairs = read_repairs(received.returned, lambda file: received.read(file, header_rows=[HEADER_ROW]))
    around = Around(
        contracts.codebooks,
        prepared.places,
        boundaries,
        key,
        columns_of,
        contracts.aliases,
        contracts.corrections,
        prepared.repairs,
    )
    cleaned = clean_ledgers(ledger_sources(contracts), received.by_source, received.read, around)
    _take(prepared, cleaned)
    return prepared


def clean_surveys(contracts: Contracts, received: Received, key: bytes, prepared: Prepared) -> None:
    """Every wave: respondents, answers and their weights."""
    respondents, answers, disagreements = [], [], []
    for wave in contracts.waves.values():
        context = _survey_context(wave, contracts, received, key, prepared.places)
        tables = {form: received.read(files[0]) for form, files in received.by_wave[wave.code].items()}
        clean = clean_wave(wave, tables, context)
        respondents.append(clean.respondents)
        answers.append(clean.answers)
        disagreements.append(clean.disagreements)
        prepared.account(clean.fates, clean.ledger, clean.notices)
    if not respondents:
        return
    people = pl.concat(respondents)
    frame = prepared.tables.get("clean.population_frame")
    empty = pl.DataFrame(schema={"area_code": pl.String})
    prepared.tables["clean.respondents"] = people
    prepared.tables["clean.answers"] = pl.concat(answers)
    prepared.tables["audit.pair_disagreements"] = pl.concat(disagreements)
    prepared.tables |= open_answer_tables(
        prepared.tables["clean.answers"], contracts.waves, contracts.open_answers, contracts.quotes
    )
    weights = weigh(people, frame if frame is not None else empty, contracts.waves, contracts.populations)
    prepared.tables["clean.respondent_weights"] = weights.rows
    prepared.tables["clean.respondent_margins"] = weights.margins
    prepared.tables["audit.weight_reports"] = weights.reports
    prepared.notices += _weight_notices(weights, received)


def clean_logs(
    study: Study,
    contracts: Contracts,
    received: Received,
    key: bytes,
    prepared: Prepared,
    *,
    remote: str | None = None,
    watch: Progress | None = None,
) -> None:
    """Every service log: events in Parquet files, one set per source file. `remote`: where a Spark Connect server does it."""
    offset_of = {area.code: area.utc_offset_hours for area in contracts.study_file.areas}
    deliveries = [
        LogDelivery(file.path, contracts.sources[code], file.area_code, file.file_id, offset_of[file.area_code])
        for code, files in received.by_source.items()
        if contracts.sources[code].kind == "log"
        for file in files
    ]
    if not deliveries:
        return

    def load(these: list[LogDelivery]) -> LogResult:
        return load_logs(
            deliveries=these, study=study, codebooks=contracts.codebooks,
            stations=prepared.tables.get("clean.stations", pl.DataFrame()), aliases=contracts.aliases, key=key,
            depots=prepared.tables.get("clean.depots"), is_linked=contracts.study_file.may_link("logs", date.today()),
            remote=remote, watch=watch or Progress(),
        )  # fmt: skip

    if watch is not None:
        watch.n_bytes = sum(delivery.path.stat().st_size for delivery in deliveries)
    result = load(deliveries)
    files = {file.file_id: file for file in received.files}
    replaced = way_back.replace_refused(deliveries, files, result, prepared.repairs, received.read)
    if replaced.deliveries:
        result = load(deliveries + replaced.deliveries)
    result = way_back.account(result, replaced)
    prepared.owner |= {delivery.source_file_id: delivery.source.code for delivery in replaced.deliveries}
    prepared.returns += way_back.returns(replaced, result.fates, contracts.codebooks)
    prepared.events, prepared.counts = result.event_files, result.cube_files
    prepared.fate_files, prepared.stored = result.fate_files, result.files
    received.seen |= result.seen
    prepared.unknown.append(result.unknown)
    prepared.account(result.own_fates, result.ledger, result.notices)


def close_repairs(received: Received, prepared: Prepared) -> None:
    """What became of the rows of return workbooks, when every room has taken those that are its own."""
    prepared.fates += prepared.repairs.close({file.sha256[:12] for file in received.files})
    prepared.ledger += prepared.repairs.ledger(together(prepared.fates, FATES))


def close_accounts(contracts: Contracts, received: Received, prepared: Prepared) -> None:
    """The audit tables: files, row ledger, row fates, notices, the words for reasons, and what is left to decide."""
    close_repairs(received, prepared)
    fates, ledger, notices = unclaimed(received)
    lines = together(prepared.ledger + ledger, LEDGER)  # a sheet with several tables has a line for each
    all_ledger = lines.group_by("source_file_id", "source_sheet").sum()
    prepared.tables |= {
        "audit.source_files": source_files(received, prepared.owner, prepared.as_of, prepared.place_files),
        "audit.row_ledger": all_ledger.sort("source_file_id", "source_sheet"),
        "audit.row_fates": together(prepared.fates + fates, FATES),
        "audit.notices": together(prepared.notices + notices, NOTICES),
        "audit.total_checks": together(prepared.totals, TOTALS),
        "audit.reasons": pl.DataFrame(
            [(code, zh, en) for code, (zh, en) in contracts.reasons.items()],
            schema=["reason_code", "label_zh", "label_en"], orient="row",
        ),
    }  # fmt: skip
    decided = Decided(contracts.codebooks, contracts.aliases, contracts.not_aliases, contracts.declined)
    prepared.tables |= open_questions(prepared.tables, prepared.unknown, prepared.proposals, decided)


def _take(prepared: Prepared, cleaned: Cleaned) -> None:
    prepared.tables |= cleaned.tables
    prepared.as_of |= cleaned.as_of
    prepared.owner |= cleaned.owner
    prepared.returns += cleaned.returns
    prepared.unknown += cleaned.unknown
    prepared.proposals += cleaned.proposals
    prepared.totals += cleaned.totals
    prepared.account(
        together(cleaned.fates, FATES), together(cleaned.ledger, LEDGER), together(cleaned.notices, NOTICES)
    )


def _weight_notices(weights: Weights, received: Received) -> list[pl.DataFrame]:
    """What weighting had to give up: cells pooled because too few answered, respondents outside the frame."""
    pooled = weights.collapsed.group_by("wave_code").len().iter_rows()
    outside = [(wave, n) for (wave, _), n in weights.n_outside.items() if n]
    said = [(wave, "cells_pooled", n) for wave, n in pooled] + [(wave, "outside_frame", n) for wave, n in outside]
    first = {wave: next(iter(forms.values()))[0].file_id for wave, forms in received.by_wave.items()}
    return [notice(first[wave], "", reason, n=n) for wave, reason, n in said]


def _survey_context(wave: Wave, contracts: Contracts, received: Received, key: bytes, places: Places) -> SurveyContext:
    area = wave.area_code or contracts.study_file.areas[0].code

    def resolver(kind: str):
        return lambda text: places.resolve(kind, area, pl.Series([text], dtype=pl.String)).item()

    return SurveyContext(
        area_code=area,
        key=key,
        file_ids={file.path: file.file_id for files in received.by_wave[wave.code].values() for file in files},
        resolve_station=resolver("station"),
        resolve_grid=resolver("grid"),
        panel_links_waves=contracts.study_file.may_link("panel"),
        utc_offset_hours=next(one.utc_offset_hours for one in contracts.study_file.areas if one.code == area),
    )
