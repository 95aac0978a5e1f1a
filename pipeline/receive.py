"""The first step of the line: which files are there, who claims them, and each file read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from pipeline.clean.fates import balance, fates_of, notice
from pipeline.contracts import Source, Wave
from pipeline.contracts.bundle import Contracts
from pipeline.contracts.deliveries import RawFile, claimed, files_by_source, raw_files
from pipeline.errors import CONTRACT, FILE, PipelineError, Problem
from pipeline.paths import Study
from pipeline.readers import TextTable, read_file
from pipeline.readers.overlaps import told_apart


@dataclass
class Received:
    """The raw files of a study, who claims them, and what reading them showed (family and encoding per file)."""

    files: list[RawFile]
    by_source: dict[str, list[RawFile]]
    by_wave: dict[str, dict[str, list[RawFile]]]
    seen: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    tables: dict[str, list[TextTable]] = field(default_factory=dict)

    @property
    def is_simulated(self) -> bool:
        return bool(self.files) and all(file.is_simulated for file in self.files)

    @property
    def returned(self) -> list[RawFile]:
        """Return workbooks that came back."""
        return [file for file in self.files if file.is_return]

    def read(
        self, file: RawFile, *, encoding: str | None = None, header_rows: int | Sequence[int] | None = None
    ) -> list[TextTable]:
        """The tables of a file; opened once, whoever asks."""
        if file.file_id not in self.tables:
            tables = told_apart(read_file(file.path, encoding=encoding, header_rows=header_rows))
            self.tables[file.file_id] = tables
            if tables:
                self.seen[file.file_id] = (tables[0].family, tables[0].encoding)
        return self.tables[file.file_id]


def receive(study: Study, contracts: Contracts) -> Received:
    """List the raw files and match them with sources and waves. Raises exit 10 or 11 (see `raw_files`), and 11 when a
    wave claims no file or several, or when the contracts claim none at all."""
    files = raw_files(study, contracts.study_file)
    by_wave = {
        code: {form: claimed(files, [pattern]) for form, pattern in wave.files.items()}
        for code, wave in contracts.waves.items()
    }
    received = Received(files, files_by_source(files, contracts.sources), by_wave)
    problems = [
        _wave_problem(wave, form, found)
        for code, wave in contracts.waves.items()
        for form, found in by_wave[code].items()
        if len(found) != 1
    ]
    if not any(received.by_source.values()) and not contracts.waves:
        problems.append(
            Problem("nothing_claimed", str(study.raw), "没有一份文件符合任何来源合同", "no file fits any source contract",
                    got="、".join(file.shown for file in files[:5]),
                    do_zh="请按 place/说明.md 的文件名和文件夹放置文件，或在 place/sources 写来源合同",
                    do_en="name and place the files as place/ says, or write a contract in place/sources"),
        )  # fmt: skip
    if problems:
        raise PipelineError(CONTRACT, problems)
    return received


def _wave_problem(wave: Wave, form: str, found: list[RawFile]) -> Problem:
    return Problem(
        "wave_files", f"{wave.path.name if wave.path else wave.code} files.{form}",
        "问卷文件应当正好一份", "a wave needs exactly one file of this form",
        got="、".join(file.shown for file in found) or "—", expected=wave.files[form],
        do_zh="请核对文件名与波次文件中的 files", do_en="compare the file's name with `files` in the wave's TOML",
    )  # fmt: skip


def unclaimed(received: Received) -> tuple[list[pl.DataFrame], list[pl.DataFrame], list[pl.DataFrame]]:
    """Fates, ledger and notices of files that nobody claims: every row set aside, never read into a table."""
    claimed_ids = {file.file_id for files in received.by_source.values() for file in files}
    claimed_ids |= {file.file_id for forms in received.by_wave.values() for files in forms.values() for file in files}
    fates, ledger, notices = [], [], []
    for file in received.files:
        if file.file_id in claimed_ids or file.is_return:
            continue
        notices.append(notice(file.file_id, "", "unclaimed_file"))
        try:
            tables = received.read(file)
        except PipelineError as error:
            if error.exit_code != FILE:
                raise
            received.seen[file.file_id] = ("unknown", None)
            continue
        for table in tables:
            rows = pl.concat(
                [table.frame.select("source_row"), table.set_aside.select("source_row")], how="vertical_relaxed"
            )
            fate = fates_of(rows, file_id=file.file_id, sheet=table.sheet, fate="set_aside", reason="unclaimed_file")
            fates.append(fate)
            ledger.append(balance(rows.height, fate, file_id=file.file_id, sheet=table.sheet))
    return fates, ledger, notices


def source_files(received: Received, owner: dict[str, str], as_of: dict[str, date], place: list[dict]) -> pl.DataFrame:
    """audit.source_files: every raw file, and the TOML files of the place that tables were made from. `owner` says
    which ledger source read a file that several claim."""
    claimants = {file.file_id: code for code, files in received.by_source.items() for file in files}
    claimants |= {
        file.file_id: code for code, forms in received.by_wave.items() for files in forms.values() for file in files
    }
    claimants |= owner
    rows = [
        {
            "source_file_id": file.file_id, "path": file.shown, "sha256": file.sha256, "bytes": file.bytes,
            "family": received.seen.get(file.file_id, ("unknown", None))[0],
            "encoding": received.seen.get(file.file_id, ("unknown", None))[1],
            "source_code": claimants.get(file.file_id), "area_code": file.area_code,
            "as_of": as_of.get(file.file_id), "is_simulated": file.is_simulated,
        }
        for file in received.files
    ]  # fmt: skip
    rows += [{**row, "area_code": None, "as_of": None, "is_simulated": received.is_simulated} for row in place]
    return pl.DataFrame(rows, schema_overrides={"encoding": pl.String, "source_code": pl.String, "area_code": pl.String,
                                                "as_of": pl.Date})  # fmt: skip


def ledger_sources(contracts: Contracts) -> list[Source]:
    """The sources that take the generic ledger path."""
    return [source for source in contracts.sources.values() if source.kind == "ledger"]
