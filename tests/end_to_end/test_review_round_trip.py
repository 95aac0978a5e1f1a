"""What nobody knew is asked in a workbook; the answers become TOML, and the rows that waited for them count."""

from __future__ import annotations

import hashlib
import shutil

import duckdb
import pytest
from fill_review import fill, table
from make_town import GRIDS, canaries, grid, write_xlsx

from pipeline.__main__ import main

pytestmark = [pytest.mark.xdist_group("town"), pytest.mark.slow]
MAY = "东里/台账/驿站台账_2023-05-31.xlsx"
DECISIONS = {
    ("写法", "飞行"): "手机充电",
    ("写法", "流动阵地"): "社会化阵地",
    ("地点", "南门译站"): "S2 南门驿站",
    ("地点", "海边驿站"): "不是同一处",
    ("地点", "S9"): "暂不处理",
    ("更正", "经度"): "接受",
    ("更正", "纬度"): "接受",
}


def ask(root, sql: str) -> list[tuple]:
    with duckdb.connect(str(root / "processed" / "warehouse.duckdb"), read_only=True) as con:
        return con.sql(sql).fetchall()


def place(root) -> dict[str, str]:
    """Hashes of the files of place/."""
    files = sorted(path for path in (root / "place").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def asked(town, tmp_path_factory):
    """The town with a misspelt station and a swapped pair, run: its folder and the review workbook."""
    root = tmp_path_factory.mktemp("review") / "小 镇"
    shutil.copytree(town[0], root)
    spoilt = {
        name: text.replace("南门驿站 | 2023年4月10日", "南门译站 | 2023年4月10日").replace(
            "116.4162 | 39.9114", "39.9114 | 116.4162"
        )
        for name, text in GRIDS[MAY].items()
    }
    write_xlsx(root / "raw" / MAY, {name: grid(text) for name, text in spoilt.items()})
    assert main(["run", "--data", str(root)]) == 0
    return root, (root / "processed" / "review" / "review.xlsx").read_bytes()


@pytest.fixture(scope="module")
def decided(asked):
    """The same after a person decided, the decisions were applied twice, and the line was run again."""
    root, book = asked
    filled = root / "已审核.xlsx"
    filled.write_bytes(fill(book, DECISIONS))
    assert main(["apply", str(filled), "--data", str(root)]) == 0
    once = place(root)
    assert main(["apply", str(filled), "--data", str(root)]) == 0
    assert place(root) == once
    assert main(["run", "--data", str(root)]) == 0
    return root


def test_everything_nobody_knows_is_asked_with_its_candidates(asked):
    _, book = asked
    assert {(row["代码表"], row["写法"]) for row in table(book, "写法")} == {("服务", "飞行"), ("驿站类别", "流动阵地")}
    places = {row["写法"]: (row["候选1"], row["相似度与距离"], row["提示"]) for row in table(book, "地点")}
    # 南门译站 and 南门 share 2 · 2 of 6 signs, 南门译站 and 南门驿站 2 · 3 of 8: 0.75 · 66.7 + 0.25 · 75 = 68.75
    assert places["南门译站"] == ("S2 南门驿站", "1）相似度 69，按名称", "")
    assert places["海边驿站"] == ("", "", "没有相近的名称：可以填编号") == places["S9"]
    cells = [(row["行"], row["列"], row["现值"], row["建议值"]) for row in table(book, "更正")]
    assert cells == [("5.0", "经度", "39.9114", "116.4162"), ("5.0", "纬度", "116.4162", "39.9114")]


def test_nothing_personal_stands_in_the_workbook(asked):
    said = [repr(row) for sheet in ("写法", "地点", "更正") for row in table(asked[1], sheet)]
    assert not [value for value in canaries() if any(value in text for text in said)]


def test_rows_that_waited_for_a_decision_are_clean(asked, decided):
    assert ask(decided, "select station_id, class_code from clean.stations where station_id = 'AA-S5'") == [
        ("AA-S5", "social")
    ]
    assert ask(
        decided, "select count(*) from clean.service_events where event_id = 'm18' and service_code = 'charging'"
    ) == [(1,)]
    assert ask(
        decided, "select station_id from clean.service_checks where checked_on = '2023-04-10' and service_code = 'water' order by 1"
    ) == [("AA-S1",), ("AA-S2",)]  # fmt: skip


def test_an_accepted_correction_puts_the_pair_right_and_is_on_record(decided):
    assert ask(decided, "select lon_raw, lat_raw from clean.stations where station_id = 'AA-S1'") == [
        (116.4162, 39.9114)
    ]
    assert ask(decided, "select column_name, reviewed_on::varchar, decided_in from audit.corrections order by 1") == [
        ("纬度", "2023-06-01", "review.toml 2"), ("经度", "2023-06-01", "review.toml 1"),
    ]  # fmt: skip


def test_what_was_decided_is_not_asked_again_and_what_was_put_off_is(decided):
    book = decided / "processed" / "review" / "review.xlsx"
    assert [row["写法"] for row in table(book, "地点")] == ["S9"]
    assert ask(decided, "select value_text, is_open from audit.unknown_values order by 1") == [
        ("S9", True),
        ("海边驿站", False),
    ]
    assert ask(decided, "select count(*) from audit.rejected_rows where reason_code = 'unknown_station'") == [(2,)]


def test_a_workbook_that_is_wrong_or_none_writes_nothing(asked, decided, town, tmp_path, capsys):
    before = place(town[0])
    other = tmp_path / "review.xlsx"
    other.write_bytes(fill(asked[1], DECISIONS | {("写法", "飞行"): "飞翔"}, reviewer=None))
    assert main(["apply", str(other), "--data", str(town[0])]) == 11
    said = capsys.readouterr().err
    assert "[写法]" in said and "飞翔" in said and "审核人" in said and "Traceback" not in said
    assert main(["apply", str(town[0] / "place" / "study.toml"), "--data", str(town[0])]) == 10
    assert main(["apply", str(tmp_path / "没有.xlsx"), "--data", str(town[0])]) == 10
    assert place(town[0]) == before


def test_english_and_a_workbook_without_decisions(asked, capsys, tmp_path):
    blank = tmp_path / "review.xlsx"
    blank.write_bytes(asked[1])
    assert main(["apply", str(blank), "--data", str(asked[0]), "--lang", "en"]) == 0
    assert "No row holds a decision." in capsys.readouterr().out
