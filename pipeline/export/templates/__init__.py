"""Blank ledgers, checks and registers with drop-downs, made from the source contracts and codebooks, and the questionnaire.
Filled in and put into raw/ they are read without a finding."""

from __future__ import annotations

import io
from pathlib import Path

import xlsxwriter

from pipeline import disclose
from pipeline.contracts import Source, load_codebooks, load_sources
from pipeline.contracts.bundle import load_contracts
from pipeline.contracts.forms import Form, form_facts, forms
from pipeline.errors import FILE, Problem, fail
from pipeline.export.dropdowns import add_list_sheet, list_ranges
from pipeline.export.questionnaire import questionnaire_files
from pipeline.export.templates.guide import write_guide
from pipeline.export.templates.layout import Setting, columns_of
from pipeline.export.templates.looks import looks
from pipeline.export.templates.places import known_places
from pipeline.export.templates.sheet import write_sheet
from pipeline.export.workbook import CREATED, SAFE
from pipeline.export.write import put_all
from pipeline.paths import Study

__all__ = ["render", "write"]
_REFUSED = str.maketrans("[]:*?/\\", "（）：　　　　")  # signs that Excel refuses in the name of a sheet


def write(directory: Path, study: Study | None = None, *, lang: str = "zh") -> list[Path]:
    """Write the blank workbooks into `directory`, in the folders in which they go below raw/, and the questionnaire into
    问卷/; the paths written.

    With a study its own contracts and codebooks count, the names of its places are offered, and with several areas each
    gets its own set. The same study gives the same bytes. Raises exit 10 where another workbook stands in the place of one of
    them (somebody may have filled it in: nothing is written then), or the folder cannot be written; 10 or 11 for the study.
    """
    files = {directory / name: data for name, data in _files(study, lang).items()}
    try:
        taken = [path for path, data in files.items() if path.exists() and path.read_bytes() != data]
        if taken:
            fail(FILE, *(_taken(path) for path in taken))
        return put_all(files)
    except OSError as error:
        fail(
            FILE,
            Problem("templates_unwritable", str(directory), "无法写入文件夹", "the folder cannot be written",
                    got=type(error).__name__, do_zh="请检查权限，或换一个文件夹", do_en="check permissions, or name another folder"),
        )  # fmt: skip


def _files(study: Study | None, lang: str) -> dict[str, bytes]:
    """Path below the folder → bytes, for every area of the study."""
    if study is None:
        sources = load_sources()
        setting = Setting(load_codebooks(), {}, lang=lang)
        made = {form.file: render(form, sources, setting) for form in forms(sources)}
        return made | questionnaire_files(setting.codebooks, {})
    contracts = load_contracts(study)
    known, is_simulated = known_places(study)
    found = {}
    for area in contracts.study_file.areas:
        setting = Setting(contracts.codebooks, known.get(area.code, {}), area.label_zh, lang, is_simulated)
        made = {
            form.file: render(form, contracts.sources, setting, folder=area.folder) for form in forms(contracts.sources)
        }
        made |= questionnaire_files(
            setting.codebooks, setting.places, area_label=area.label_zh, area_code=area.code, is_simulated=is_simulated
        )
        found |= {f"{area.folder}/{path}" if area.folder else path: data for path, data in made.items()}
    return found


def render(form: Form, sources: dict[str, Source], setting: Setting, *, folder: str = "") -> bytes:
    """One blank workbook: 填写说明, a sheet per contract, and the hidden lists. Equal bytes for equal inputs."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, SAFE)
    stamp = disclose.rules()["simulated"][setting.lang] if setting.is_simulated else ""
    book.set_properties({"created": CREATED, "title": Path(form.file).stem, "comments": stamp})
    styles = looks(book)
    sheets = [(_sheet_name(sources[code]), sources[code], columns_of(sources[code], setting)) for code in form.sources]
    lists = {column.offered: column.choices for _, _, columns in sheets for column in columns if column.offered}
    ranges = list_ranges(lists)
    guide = book.add_worksheet(form_facts().own_sheets["guide"].name)
    write_guide(guide, form, sheets, setting, folder=folder, looks=styles, stamp=stamp)
    for name, source, columns in sheets:
        label = source.label_zh if setting.lang == "zh" else f"{source.label_zh} {source.label_en}"
        write_sheet(
            book.add_worksheet(name), f"{setting.area_label}{label}", columns, setting,
            ranges=ranges, looks=styles, stamp=stamp,
        )  # fmt: skip
    if lists:
        add_list_sheet(book, lists)
    book.close()
    return buffer.getvalue()


def _sheet_name(source: Source) -> str:
    """The sheet a contract asks for, else its label; without signs that Excel refuses, and not too long for it."""
    wanted = (source.sheet or "").replace("*", "").replace("?", "") or source.label_zh
    return wanted.translate(_REFUSED)[:31]


def _taken(path: Path) -> Problem:
    return Problem(
        "template_taken", path.name, "这里已有一份不同的同名文件，可能已经填写，没有覆盖", "another file of this name is here; it may be filled in and was not overwritten",
        do_zh="请换一个文件夹，或先把它移走", do_en="name another folder, or move it away first",
    )  # fmt: skip
