"""Nothing in the sample could belong to somebody: reserved numbers only, and the truth stays outside raw."""

import re
import tomllib
from fnmatch import fnmatch

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.contracts.bundle import load_contracts
from pipeline.paths import METADATA, REPOSITORY, study
from pipeline.receive import receive
from pipeline.simulate import simulate
from pipeline.simulate.names import NETWORKS
from pipeline.simulate.readme import KINDS

pytestmark = pytest.mark.xdist_group("simulate")  # one worker makes the sample

RAW = REPOSITORY / "data" / "raw"
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
ADDRESS = re.compile(r"(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?![\d.])")
ENCODINGS = ("utf-8-sig", "gb18030")


def text_of(path):
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(str(path))
        cells = (cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)
        return "\n".join(
            f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in cells
        )
    for encoding in ENCODINGS:
        try:
            return path.read_bytes().decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(path)


@pytest.fixture(scope="module")
def texts():
    return {path.relative_to(RAW).as_posix(): text_of(path) for path in sorted(RAW.rglob("*")) if path.is_file()}


def test_no_telephone_number_is_of_a_real_range(texts):
    manifest = texts.pop("MANIFEST.csv")  # hashes and sizes only
    assert manifest.startswith("path,sha256,bytes,is_simulated\n")
    for name, text in texts.items():
        assert not MOBILE.search(text), name


def test_every_machine_address_is_reserved_for_documentation(texts):
    found = {network for text in texts.values() for network in ADDRESS.findall(text)}
    assert found and found <= set(NETWORKS)


def test_no_truth_lies_inside_raw(sample):
    raw = [path.relative_to(sample / "raw").as_posix() for path in (sample / "raw").rglob("*")]
    assert not [name for name in raw if "truth" in name or "defect" in name or "verdict" in name]
    codes = ("declared_but_failing", "hidden_demand", "unknown_to_users", "straightliner", "attention_failed")
    for path in sorted((sample / "raw").rglob("*")):
        if path.is_file() and path.suffix != ".xlsx" and path.name != "README.md":
            text = text_of(path)
            assert not [code for code in codes if code in text], path.name


def test_the_readme_says_simulated_first_and_lists_every_file():
    text = (RAW / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# 模拟数据，仅供演示，不得作为决策依据\n")
    files = [path.relative_to(RAW).as_posix() for path in RAW.rglob("*") if path.is_file() and path.parent != RAW]
    assert [name for name in files if not any(fnmatch(name, pattern) for pattern, _ in KINDS)] == []
    assert [pattern for pattern, _ in KINDS if not any(fnmatch(name, pattern) for name in files)] == []


def test_the_readme_lists_every_share_without_a_source_as_an_assumption():
    text = (RAW / "README.md").read_text(encoding="utf-8")
    assumed, sourced = text.split("## 有公布来源的数字")
    for name, block in tomllib.loads((METADATA / "simulation.toml").read_text(encoding="utf-8")).items():
        part = sourced if "source" in block else assumed
        assert bool(block.get("assumption")) != bool(block.get("source")), (
            f"[{name}] needs a source or assumption = true"
        )
        if name == "streamed_logs":  # told only where logs are streamed: test_streamed_logs.py
            continue
        line = next(line for line in part.splitlines() if f"`[{name}]`" in line)
        for value in block.values():
            for number in value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]:
                if isinstance(number, int | float) and not isinstance(number, bool):
                    assert f"{number:g}" in line, (name, number)


@pytest.fixture(scope="module")
def received(sample):
    return receive(study(sample), load_contracts(study(sample)))


def test_every_file_is_claimed_by_a_contract(received):
    claimed = {file.shown for files in received.by_source.values() for file in files}
    claimed |= {file.shown for forms in received.by_wave.values() for files in forms.values() for file in files}
    assert sorted(file.shown for file in received.files if file.shown not in claimed) == []
    assert all(file.is_simulated for file in received.files)


NOT_WALKED = ["walking_distances"]  # nobody has measured walks there: the line falls back on straight lines


def test_every_contract_claims_a_file_of_the_sample(received):
    assert [code for code, files in received.by_source.items() if not files] == NOT_WALKED


def test_two_areas_have_stations_of_the_same_code(tmp_path):
    simulate(tmp_path, stations=12, couriers=120, areas=2)
    hours = pl.read_csv(tmp_path / "truth/hours.csv")
    codes = {area: set(part["station_id"].str.slice(3)) for (area,), part in hours.group_by("area_code")}
    assert codes["QC"] == codes["QD"] == {f"S{i:03d}" for i in range(1, 13)}
    assert sorted(path.name for path in (tmp_path / "raw").iterdir() if path.is_dir()) == ["QC", "QD"]
    received = receive(study(tmp_path), load_contracts(study(tmp_path)))
    assert {file.area_code for file in received.files} == {"QC", "QD"}
