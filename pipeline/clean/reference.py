"""What a study knows before any file is read: code lists, areas, promises, published totals, prices of changes, waves, outlines."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

from pipeline.clean.fates import FATES, balance
from pipeline.clean.surveys.harmony import wordings
from pipeline.contracts import StudyFile, Variable, Wave, load_place_tables, period_of
from pipeline.contracts.bundle import Contracts
from pipeline.contracts.study_file import BOUNDARY_COLUMNS, GRID_COLUMNS, PROMISE_COLUMNS, TOTAL_COLUMNS, relative
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study


def reference_tables(study: Study, contracts: Contracts, *, is_simulated: bool) -> dict[str, pl.DataFrame]:
    """The `ref.*` tables, from the contracts and the TOML files of the place. Raises exit 11 for waves declared comparable
    that are not."""
    study_file, waves = contracts.study_file, contracts.waves
    areas = [
        {"area_code": a.code, "label_zh": a.label_zh, "label_en": a.label_en, "tz": a.tz} for a in study_file.areas
    ]
    return {
        "ref.areas": pl.DataFrame(areas),
        "ref.codes": _codes(contracts),
        "ref.service_promises": _rows(load_place_tables(study, "promise", PROMISE_COLUMNS), PROMISE_COLUMNS),
        "ref.published_totals": _rows(load_place_tables(study, "published_total", TOTAL_COLUMNS), TOTAL_COLUMNS),
        "ref.action_costs": _action_costs(contracts),
        "ref.waves": _waves(waves, study_file, is_simulated),
        "ref.questions": _questions(waves),
        "ref.options": _options(waves),
        "ref.variables": _variables(contracts.variables),
        "ref.variable_wordings": wordings(waves, contracts.variables, contracts.codebooks, study_file.areas[0].code),
    }


def outlines(study: Study) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame], list[dict[str, Any]]]:
    """`clean.grids` and `clean.boundaries` from the place's TOML files, with their row ledger and source files.

    A row's origin is the TOML file and the number of its block. Raises exit 11 for a number of map approval that is blank.
    """
    grids = load_place_tables(study, "grid", GRID_COLUMNS)
    boundaries = load_place_tables(study, "boundary", BOUNDARY_COLUMNS)
    _check_approvals(boundaries)
    files, ledger = [], []
    for path in sorted({row["_path"] for row in grids + boundaries}):
        data = path.read_bytes()
        shown, digest = relative(path, study), hashlib.sha256(data).hexdigest()
        file_id = hashlib.sha256(f"{shown}\n{digest}".encode()).hexdigest()[:16]
        here = [row for row in grids + boundaries if row["_path"] == path]
        for row in here:
            row["source_file_id"] = file_id
        files.append({"source_file_id": file_id, "path": shown, "sha256": digest, "bytes": len(data), "family": "toml",
                      "encoding": "utf-8", "source_code": "place"})  # fmt: skip
        ledger.append(balance(len(here), pl.DataFrame(schema=FATES), file_id=file_id, sheet=""))
    tables = {
        "clean.grids": _origin(grids, {"grid_id": lambda row: f"{row['area_code']}-{row['local_code']}"},
                               ("area_code", "label_zh", "outline_wkt")),
        "clean.boundaries": _origin(boundaries, {}, ("area_code", "outline_wkt", "source", "map_approval_no")),
    }  # fmt: skip
    return tables, ledger, files


def _check_approvals(boundaries: list[dict[str, Any]]) -> None:
    """A blank is no number: with it, an outline nobody approved would be drawn for the public."""
    blank = [row for row in boundaries if row["map_approval_no"] is not None and not row["map_approval_no"].strip()]
    problems = [
        Problem("contract_invalid", f"{row['_path']} [[boundary]] {row['_number']}", "map_approval_no 是空的", "map_approval_no is blank",
                got='""', expected="GS(2024)1234号", do_zh="写上审图号，没有就删掉这一行", do_en="write the number of map approval, or delete the line")
        for row in blank
    ]  # fmt: skip
    if problems:
        fail(CONTRACT, *problems)


def _origin(rows: list[dict[str, Any]], made: dict[str, Any], names: tuple[str, ...]) -> pl.DataFrame:
    schema = dict.fromkeys((*made, *names, "source_file_id", "source_sheet"), pl.String) | {"source_row": pl.Int64}
    return pl.DataFrame(
        [
            {
                **{name: make(row) for name, make in made.items()},
                **{name: row[name] for name in names},
                "source_file_id": row["source_file_id"],
                "source_sheet": "",
                "source_row": row["_number"],
            }
            for row in rows
        ],
        schema=schema,
    )


def _rows(rows: list[dict[str, Any]], columns: dict[str, Any]) -> pl.DataFrame:
    kinds = {name: _polars_type(kind) for name, kind in columns.items()}
    return pl.DataFrame([{name: row[name] for name in columns} for row in rows], schema=kinds, strict=False)


def _polars_type(kind: Any) -> pl.DataType:
    first = kind[0] if isinstance(kind, tuple) else kind
    return {"str": pl.String, "date": pl.Date, "int": pl.Float64, "float": pl.Float64}[first.__name__]


def _action_costs(contracts: Contracts) -> pl.DataFrame:
    """What each change costs."""
    texts = ("action_code", "item_code", "unit_code", "source", "why_zh", "why_en", "origin_code")
    amounts = [f"{part}_{end}" for part in ("one_off", "yearly") for end in ("yuan", "low", "high")]
    schema = dict.fromkeys(texts, pl.String) | {"is_assumed": pl.Boolean} | dict.fromkeys(amounts, pl.Float64)
    rows = [
        {
            **{name: getattr(cost, name) for name in (*texts, "is_assumed")},
            **dict(zip(amounts, (*cost.one_off, *cost.yearly), strict=True)),
        }
        for cost in contracts.costs
    ]
    return pl.DataFrame(rows, schema=schema)


def _codes(contracts: Contracts) -> pl.DataFrame:
    """Every code of every codebook, and the names of the sources (list `sources`)."""
    lists = [
        (book.name, code.code, code.label_zh, code.label_en, code.family, order)
        for book in contracts.codebooks.values()
        for order, code in enumerate(book.codes, start=1)
    ]
    lists += [
        ("sources", source.code, source.label_zh, source.label_en, source.kind, order)
        for order, source in enumerate(contracts.sources.values(), start=1)
    ]
    lists.append(("sources", "place", "本地设定（place 文件夹）", "Settings of the place (place/)", None, len(lists)))
    schema = {"list_code": pl.String, "code": pl.String, "label_zh": pl.String, "label_en": pl.String,
              "family": pl.String, "sort_order": pl.Int64}  # fmt: skip
    return pl.DataFrame(lists, schema=schema, orient="row")


def _waves(waves: dict[str, Wave], study_file: StudyFile, is_simulated: bool) -> pl.DataFrame:
    schema = {
        "wave_code": pl.String, "area_code": pl.String, "label_zh": pl.String, "label_en": pl.String,
        "platform_family": pl.String, "population_code": pl.String, "mode_code": pl.String, "opened_on": pl.Date,
        "closed_on": pl.Date, "period_code": pl.String, "frame_total": pl.Int64, "weight_set_code": pl.String, "consent_version": pl.String,
        "purpose": pl.String, "legal_basis": pl.String, "retain_until": pl.Date, "is_simulated": pl.Boolean,
    }  # fmt: skip
    rows = [
        {
            "wave_code": wave.code,
            "area_code": wave.area_code or study_file.areas[0].code,
            "period_code": period_of(wave.closed_on),
            "is_simulated": is_simulated,
            "weight_set_code": wave.weight_set,
            **{name: getattr(wave, name) for name in schema if hasattr(wave, name) and name != "area_code"},
        }
        for wave in waves.values()
    ]
    return pl.DataFrame(rows, schema=schema)


def _questions(waves: dict[str, Wave]) -> pl.DataFrame:
    schema = {"wave_code": pl.String, "question_code": pl.String, "sort_order": pl.Int64, "type_code": pl.String,
              "variable_code": pl.String, "text_zh": pl.String, "text_en": pl.String,
              "is_personal": pl.Boolean}  # fmt: skip
    rows = [
        (wave.code, question.code, order, question.type, question.variable, question.text_zh, question.text_en,
         question.personal or question.variable == "panel")
        for wave in waves.values()
        for order, question in enumerate(wave.questions, start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _variables(variables: dict[str, Variable]) -> pl.DataFrame:
    schema = {"variable_code": pl.String, "label_zh": pl.String, "label_en": pl.String, "meaning_zh": pl.String,
              "meaning_en": pl.String, "unit": pl.String, "type_codes": pl.String, "list_code": pl.String,
              "min_value": pl.Float64, "max_value": pl.Float64, "funnel_step": pl.Int64, "is_comparable": pl.Boolean,
              "is_of_place": pl.Boolean, "sort_order": pl.Int64}  # fmt: skip
    rows = [
        (v.code, v.label_zh, v.label_en, v.meaning_zh, v.meaning_en, v.unit, " ".join(v.types), v.codebook, v.min, v.max,
         v.funnel_step, v.compare, v.is_of_place, order)
        for order, v in enumerate(variables.values(), start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _options(waves: dict[str, Wave]) -> pl.DataFrame:
    schema = {"wave_code": pl.String, "question_code": pl.String, "item_code": pl.String, "option_code": pl.String,
              "number": pl.Int64, "text_zh": pl.String, "text_en": pl.String, "value_code": pl.String}  # fmt: skip
    rows = []
    for wave in waves.values():
        for question in wave.questions:
            for item in question.items:
                rows.append((wave.code, question.code, item.code, "", None, item.text, item.text_en, None))
            for option in question.options:
                value = None if option.value is None else str(option.value)
                rows.append(
                    (wave.code, question.code, "", option.code, option.number, option.text, option.text_en, value)
                )
    return pl.DataFrame(rows, schema=schema, orient="row")
