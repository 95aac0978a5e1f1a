"""A warehouse of two survey waves, made from wave contracts: small enough to count, real enough to evaluate every finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from pipeline.clean.reference import reference_tables
from pipeline.contracts import Option, Question, StudyFile, Wave, load_codebooks, load_variables
from pipeline.contracts.bundle import Contracts
from pipeline.contracts.study_file import Area
from pipeline.paths import study
from pipeline.warehouse.load import load
from tests.unit.marts.small_world import ORIGIN, respondent, station
from tests.unit.warehouse.empty import build_marts, empty_warehouse

OPTIONS = (
    Option("water", "喝水", 1, value="water"),
    Option("charging", "充电", 2, value="charging"),
    Option("none", "都不要", 3),
)
NEED = Question("q1", 1, "multiple", "您需要什么？", variable="need", options=OPTIONS, missing_none="none")
MET = Question("q2", 2, "multiple", "哪些得得到？", variable="met", options=OPTIONS, missing_none="none")
REWORDED = replace(NEED, text_zh="您想要什么？")


def wave(code, month, *questions, population="attached"):
    """A wave in this month of 2023."""
    return Wave(code=code, label_zh=f"{month}月问卷", label_en=f"wave {month}", platform_family="wenjuanxing",
                population_code=population, mode_code="qr", opened_on=date(2023, month, 1), closed_on=date(2023, month, 20),
                consent_version="v1", purpose="test", files={"text": "*"}, questions=questions or (NEED, MET))  # fmt: skip


def warehouse(*asked, tmp_path, **more):
    """The warehouse of waves given as (wave, people who need water, people who need nothing), with one station in one cell;
    `more` is told of everybody."""
    place = study(tmp_path)
    place.place.mkdir(parents=True, exist_ok=True)
    contracts = Contracts(
        study_file=StudyFile("晴川", "Qingchuan", (Area("QC", "晴川", "Qingchuan"),), {}),
        codebooks=load_codebooks(), sources={}, waves={w.code: w for w, _, _ in asked}, aliases=[], reasons={}, corrections=[],
        variables=load_variables(),
    )  # fmt: skip
    tables = reference_tables(place, contracts, is_simulated=True)
    people = [
        respondent(number, "water" if number < thirsty else "", "", wave_code=w.code, user_group_code="courier", **more)
        for w, thirsty, others in asked
        for number in range(thirsty + others)
    ]
    tables["clean.respondents"] = pl.DataFrame([person for person, _ in people], infer_schema_length=None)
    tables["clean.answers"] = pl.DataFrame([a for _, answers in people for a in answers], infer_schema_length=None)
    cell = {"grid_id": "QC-G1", "area_code": "QC", "label_zh": "一", "outline_wkt": "POLYGON ((0 0))", **ORIGIN}
    tables["clean.stations"], tables["clean.grids"] = pl.DataFrame([station("S1", "fixed", "G1")]), pl.DataFrame([cell])
    con = empty_warehouse()
    load(con, {name: table for name, table in tables.items() if table.height})
    build_marts(con)
    return con
