"""Files that nobody on this project wrote: every one is read or refused with a reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.readers import inspect_file, read_file
from pipeline.readers.describe import describe

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real files is not on this machine")


def files(*folders):
    return [path for folder in folders for path in sorted((REAL / folder).rglob("*")) if path.is_file()]


@pytest.mark.parametrize("folder", sorted(path.name for path in REAL.glob("*/")) if REAL.is_dir() else [])
def test_every_file_is_read_or_refused_with_a_reason(folder):
    for path in files(folder):
        if path.name == "wide.csv":  # 9,000 columns: right, but slow to describe
            continue
        try:
            tables = read_file(path)
        except PipelineError as error:
            assert error.exit_code == 10 and error.problems[0].zh and error.problems[0].do_zh
            continue
        facts = inspect_file(path, tables=tables)
        assert describe(path, tables=tables)
        assert sum(s["n_rows"] + s["n_set_aside"] for s in facts["sheets"]) == sum(table.n_read for table in tables)
        for table in tables:
            rows = [*table.frame["source_row"], *table.set_aside["source_row"]]
            assert len(rows) == len(set(rows)), path.name


@pytest.mark.parametrize(
    "path", files("torture-csv-spectrum/csvs") if REAL.is_dir() else [], ids=lambda path: path.stem
)
def test_csv_spectrum_equals_its_json_answers(path):
    (table,) = read_file(path)
    answer = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    read = [dict(zip(table.columns, (cell or "" for cell in row[:-1]), strict=True)) for row in table.frame.rows()]
    if b"\r" not in path.read_bytes():  # the copy lost its carriage returns on the way
        answer = json.loads(json.dumps(answer).replace("\\r\\n", "\\n"))
    assert read == answer


def test_the_wenjuanxing_pair_has_the_same_800_respondents():
    text, number = (read_file(path)[0] for path in files("wjx-reportgen-800"))
    assert (text.family, number.family) == ("wenjuanxing", "wenjuanxing")
    assert text.frame.height == number.frame.height == 800
    assert text.frame["c0"].to_list() == number.frame["c0"].to_list()


@pytest.mark.parametrize("path", files("log-chicago-library-circ") if REAL.is_dir() else [], ids=lambda path: path.stem)
def test_the_library_months_add_up_to_the_year(path):
    if path.suffix != ".csv":
        pytest.skip("not a table")
    (table,) = read_file(path)
    with path.open(encoding="utf-8", newline="") as file:
        assert table.n_read == sum(any(row) for row in csv.reader(file)) - 1
