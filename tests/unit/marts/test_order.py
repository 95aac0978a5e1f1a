"""The order of the marts comes from their SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.warehouse import marts
from pipeline.warehouse.load import create


def write(folder: Path, **files: str) -> Path:
    for name, sql in files.items():
        (folder / f"{name}.sql").write_text(f"-- Question: what?\n{sql}", encoding="utf-8")
    return folder


def test_a_mart_comes_after_those_it_reads(tmp_path: Path) -> None:
    folder = write(
        tmp_path, a="select n from mart.b", b="with c as (select 1) select * from c, mart.d", d="select 1 as n"
    )
    assert marts.order(folder) == ["d", "b", "a"]


def test_a_circle_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, a="select n from mart.b", b="select (select max(n) from mart.a) as n")
    with pytest.raises(marts.MartError, match="in a circle: "):
        marts.order(folder)


def test_a_mart_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(marts.MartError, match=r"mart\.a reads marts that do not exist: nowhere"):
        marts.order(write(tmp_path, a="select n from mart.nowhere"))


def test_a_file_holds_one_select(tmp_path: Path) -> None:
    with pytest.raises(marts.MartError, match=r"marts/a\.sql is not one SELECT"):
        marts.order(write(tmp_path, a="create table x (n integer)"))


def test_the_order_does_not_hang_on_the_machine() -> None:
    assert marts.order() == marts.order()


def test_every_mart_is_built_from_an_empty_warehouse() -> None:
    with create() as con:
        assert list(marts.build(con)) == marts.order()


@pytest.mark.parametrize("path", marts.files().values(), ids=lambda path: path.stem)
def test_every_mart_states_question_grain_and_units_and_carries_its_area(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- Question: ")
    assert lines[1].startswith("-- Grain: one row per ")
    assert any(line.startswith("-- Units: ") for line in lines[:5])
    assert "area_code" in path.read_text(encoding="utf-8")
