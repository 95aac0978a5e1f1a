"""A study to decide about, and ways to write a review workbook with decisions and to apply it."""

from __future__ import annotations

import duckdb
import pytest
from fill_review import fill

from pipeline.contracts import load_codebooks, load_study_file
from pipeline.errors import PipelineError
from pipeline.export.review_workbook import render
from pipeline.paths import Study
from pipeline.review import apply
from tests.unit.review.review_room import ALIASES, LEDGER, STUDY_TOML, contents


@pytest.fixture
def study(tmp_path):
    """A study with one alias, one received file, and no warehouse yet."""
    root = tmp_path / "我的 研究"
    for path, text in {"place/study.toml": STUDY_TOML, "place/aliases.toml": ALIASES, f"raw/{LEDGER}": "x"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="")
    return Study(root, root / "processed")


@pytest.fixture
def decide(study):
    """Writes a workbook of questions with decisions and applies it."""

    def run(*asked, decisions, cells=None, **signed):
        book = render(list(asked), load_codebooks(study), load_study_file(study), is_simulated=False)
        path = study.root / "已审核.xlsx"
        path.write_bytes(fill(book, decisions, cells=cells, **signed))
        return apply(path, study)

    return run


@pytest.fixture
def refused(study, decide):
    """The same for a workbook that cannot be applied: (problem codes, texts), and nothing was written."""

    def run(*asked, **how):
        before = contents(study)
        with pytest.raises(PipelineError) as caught:
            decide(*asked, **how)
        assert caught.value.exit_code == 11 and contents(study) == before
        return [p.code for p in caught.value.problems], "\n".join(p.text("zh") for p in caught.value.problems)

    return run


@pytest.fixture
def with_register(study):
    """A warehouse that knows three stations; two of one name."""
    study.out.mkdir()
    with duckdb.connect(str(study.warehouse)) as con:
        con.execute("create schema clean; create schema audit; create table audit.event_files (path varchar)")
        for table in ("stations", "buildings", "depots", "grids"):
            name = "label_zh" if table == "grids" else "name"
            con.execute(f"create table clean.{table} (area_code varchar, {table[:-1]}_id varchar, {name} varchar)")
        con.execute(
            "insert into clean.stations values ('AA','AA-S1','东门驿站'), ('AA','AA-S2','同名驿站'), ('AA','AA-S3','同名 驿站')"
        )
