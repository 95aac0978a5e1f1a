"""How the line behaves on the town: repeatable, quiet when nothing changed, discreet, plain in any locale."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile

import duckdb
import pytest
from make_town import canaries

from pipeline.__main__ import main

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]


def contents(path):
    """The bytes of a file; of a zip (xlsx) those of its parts."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return b"\n".join(book.read(name) for name in book.namelist())
    return path.read_bytes()


def test_the_run_says_what_it_did_and_where_the_results_lie(town, processed):
    _, done = town
    assert "Traceback" not in done.stderr and "\x1b" not in done.stderr
    for words in ("收文件", "服务日志", "校验规则", "读入", "退回"):
        assert words.replace("服务日志", "服务记录") in done.stderr
    page = next(line for line in done.stdout.splitlines() if line.endswith(".html"))
    assert "findings" in page and "2023Q2" in page
    assert str(processed / "return") in done.stdout


def test_the_outputs_are_there(processed):
    folder = processed / "findings" / "2023Q2"
    for name in ("findings.html", "findings.xlsx", "manifest.json", "data/datapackage.json"):
        assert (folder / name).stat().st_size > 0
    assert (processed / "validation.html").stat().st_size > 0
    assert list((processed / "return").glob("*.xlsx"))


def test_no_personal_value_reaches_anything_that_was_built(town, processed):
    """Beginnings that only personal values have are looked for, in the bytes of every file and in what was printed."""
    wanted = {value if re.match(r"[\u4e00-\u9fff]", value) else value[:7] for value in canaries()}
    found = {}
    for path in (path for path in processed.rglob("*") if path.is_file()):
        data = contents(path)
        found[path.name] = [value for value in wanted if value.encode() in data]
    assert {name: values for name, values in found.items() if values} == {}
    said = town[1].stdout + town[1].stderr
    assert [value for value in wanted if value in said] == []


def test_no_personal_value_hides_in_a_compressed_table(processed):
    wanted = canaries()
    with duckdb.connect(str(processed / "warehouse.duckdb"), read_only=True) as con:
        names = con.sql("select table_schema || '.' || table_name from information_schema.tables order by 1").fetchall()
        for (name,) in names:
            text = repr(con.sql(f"select * from {name}").fetchall())
            assert [value for value in wanted if value in text] == [], name
    for path in processed.rglob("*.parquet"):
        text = repr(duckdb.sql(f"select * from read_parquet('{path}')").fetchall())
        assert [value for value in wanted if value in text] == [], path.name


def test_nothing_changed_says_so_and_writes_nothing(town, processed, capsys):
    before = {path: path.stat().st_mtime_ns for path in processed.rglob("*") if path.is_file() and path.name != ".lock"}
    assert main(["run", "--data", str(town[0])]) == 0
    seen = capsys.readouterr()
    assert "没有变化" in seen.err and "findings.html" in seen.out
    assert {
        path: path.stat().st_mtime_ns for path in processed.rglob("*") if path.is_file() and path.name != ".lock"
    } == before


def test_the_same_town_twice_from_scratch_gives_the_same_bytes(town, processed, tmp_path, capsys, monkeypatch):
    """The second time with another key for the pseudonyms: no figure may depend on it."""
    monkeypatch.setenv("WARM_STATIONS_KEY", "another key")
    assert main(["run", "--data", str(town[0]), "--out", str(tmp_path / "second")]) == 0, capsys.readouterr().err
    first = {path.name: path.read_bytes() for path in (processed / "findings/2023Q2/data").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "second/findings/2023Q2/data").iterdir()}
    assert len([name for name in first if name.endswith(".csv")]) >= 11
    assert first.keys() == second.keys()
    assert [name for name in first if name.endswith(".csv") and first[name] != second[name]] == []


def test_earlier_periods_are_kept_and_english_is_written_beside(town, tmp_path, capsys):
    root = tmp_path / "town"
    shutil.copytree(town[0], root)
    page = root / "processed/findings/2023Q2/findings.html"
    before = hashlib.sha256(page.read_bytes()).hexdigest()
    assert main(["run", "--data", str(root), "--lang", "en"]) == 0, capsys.readouterr().err
    english = root / "processed/findings/2023Q2/findings.en.html"
    assert "Simulated" not in english.read_text(encoding="utf-8")
    assert main(["run", "--data", str(root), "--period", "2023Q1"]) == 0, capsys.readouterr().err
    assert (root / "processed/findings/2023Q1/findings.html").exists()
    assert hashlib.sha256(page.read_bytes()).hexdigest() == before


def test_the_page_says_until_when_and_makes_no_request(processed):
    page = (processed / "findings/2023Q2/findings.html").read_text(encoding="utf-8")
    assert "截至2023年6月1日" in page
    assert "模拟数据，仅供演示" not in page
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    assert not re.search(r"@import|url\(\s*['\"]?https?:", page)


def test_two_areas_stay_apart_everywhere(processed):
    with duckdb.connect(str(processed / "warehouse.duckdb"), read_only=True) as con:
        tables = con.sql(
            "select table_schema || '.' || table_name from information_schema.columns where column_name = 'station_id' "
            "and table_schema in ('clean', 'mart') order by 1"
        ).fetchall()
        assert len(tables) > 10
        for (table,) in tables:
            mixed = con.sql(f"select count(*) from {table} where station_id not like area_code || '-%'").fetchall()[0][
                0
            ]
            assert mixed == 0, table


def test_an_unknown_spelling_goes_back_for_repair_and_the_run_goes_on(processed):
    text = b"".join(contents(path) for path in (processed / "return").glob("*.xlsx")).decode("utf-8", "ignore")
    for words in ("驿站台账_2023-03-31.xlsx", "驿站类别", "取值不在代码表中", "开放时间无法识别"):
        assert words in text, words


def test_a_critical_failure_leaves_the_old_warehouse_and_its_events_working(town, tmp_path, capsys):
    """A rule of the place that cannot hold: exit 12, nothing published, the rows to repair and what is to be decided still written."""
    root = tmp_path / "town"
    shutil.copytree(town[0], root)
    processed = root / "processed"
    before = hashlib.sha256((processed / "warehouse.duckdb").read_bytes()).hexdigest()
    add_impossible_rule(root)
    log = root / "raw/东里/门禁/门禁开门记录_2023-05.csv"
    log.write_bytes(log.read_bytes() + b"k031,S1,,2023-05-14 09:00:00,19900000120,,,d1\r\n")
    shutil.rmtree(processed / "return")
    shutil.rmtree(processed / "review")
    assert main(["run", "--data", str(root)]) == 12
    seen = capsys.readouterr().err
    assert "Traceback" not in seen and "怎么办" in seen
    assert hashlib.sha256((processed / "warehouse.duckdb").read_bytes()).hexdigest() == before
    assert list((processed / "return").glob("*.xlsx")) and (processed / "review" / "review.xlsx").exists()
    from pipeline.paths import study
    from pipeline.warehouse.connect import open_warehouse

    with open_warehouse(study(root)) as con:
        assert con.sql("select count(*) from clean.service_events").fetchall()[0][0] == 52


def add_impossible_rule(root):
    """A critical rule that no row of the town can satisfy."""
    folder = root / "place" / "expectations"
    folder.mkdir()
    (folder / "town.toml").write_text(RULE, encoding="utf-8")


RULE = """\
[[rule]]
code = "town_has_a_hundred_stations"
table = "clean.stations"
kind = "row_count_between"
args = { min = 100 }
severity = "critical"
why_zh = "小镇只有六个驿站，这条规则必然不成立"
why_en = "the town has six stations, so that this rule cannot hold"
counterexample = []
example = []
"""
