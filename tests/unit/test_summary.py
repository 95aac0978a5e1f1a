"""The account a run ends with names the files it did not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline import summary
from pipeline.paths import study as study_at
from pipeline.validate.check import RESULTS
from pipeline.warehouse.load import load
from tests.unit.warehouse.empty import empty_warehouse

FILE = {"sha256": "0", "bytes": 1, "family": "csv", "is_simulated": True}
WHY = {"reason_code": "unclaimed_file", "label_zh": "没有合同认领", "label_en": "nobody claims it"}


def said(folder: Path, unclaimed: int, lang: str = "zh") -> list[str]:
    files = [{**FILE, "source_file_id": "f", "path": "台账/a.xlsx", "source_code": "station_ledger"}]
    files += [
        {**FILE, "source_file_id": f"g{i}", "path": f"杂项/{i:02d}.csv", "source_code": None} for i in range(unclaimed)
    ]
    ledger = {"source_file_id": "f", "source_sheet": "", "n_read": 1, "n_clean": 1}
    ledger |= dict.fromkeys(("n_duplicate", "n_rejected", "n_set_aside"), 0)
    tables = {
        "audit.source_files": pl.DataFrame(files),
        "audit.row_ledger": pl.DataFrame([ledger]),
        "audit.reasons": pl.DataFrame([WHY]),
        "audit.rule_results": pl.DataFrame(schema=RESULTS),
    }
    with empty_warehouse() as con:
        load(con, tables)
        return summary.lines(con, study_at(folder), lang)


@pytest.mark.parametrize(
    ("lang", "head", "line"),
    [
        ("zh", "没有读入的文件：1", "  杂项/00.csv：没有合同认领"),
        ("en", "Files not read: 1", "  杂项/00.csv: nobody claims it"),
    ],
)
def test_a_file_that_no_contract_claims_is_named_with_the_reason(tmp_path, lang, head, line):
    lines = said(tmp_path, 1, lang)
    assert lines[lines.index(head) + 1] == line


def test_a_heap_of_unclaimed_files_does_not_drown_the_account(tmp_path):
    lines = said(tmp_path, 25)
    assert sum(line.startswith("  杂项/") for line in lines) == summary.UNREAD_SHOWN
    assert "  … 另有 5 份，见校验页" in lines


def test_where_everything_was_read_nothing_is_said(tmp_path):
    assert not any("没有读入" in line for line in said(tmp_path, 0))


@pytest.mark.parametrize(("until", "said_of"), [("2000-01-01", 1), ("9000-01-01", 0)])
def test_answer_sheets_kept_beyond_their_term_are_named(tmp_path, until, said_of):
    wave = {
        "wave_code": "w", "area_code": "QC", "label_zh": "春季问卷", "label_en": "Spring survey", "platform_family": "table",
        "population_code": "attached", "mode_code": "qr", "opened_on": date(1999, 1, 1), "closed_on": date(1999, 2, 1),
        "period_code": "1999Q1", "consent_version": "1", "purpose": "test", "legal_basis": "consent",
        "retain_until": date.fromisoformat(until), "is_simulated": True,
    }  # fmt: skip
    with empty_warehouse() as con:
        load(con, {"ref.waves": pl.DataFrame([wave]), "audit.rule_results": pl.DataFrame(schema=RESULTS)})
        lines = summary.lines(con, study_at(tmp_path), "zh")
    assert sum("春季问卷" in line and "已过保存期限" in line for line in lines) == said_of
