"""What is written loads at once and is what was drafted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.contracts import load_variables, load_wave
from pipeline.contracts.linked import link_problems
from pipeline.drafting.write import toml_of
from pipeline.readers.surveys.outline import Told, ToldOption
from tests.unit.drafting.made_exports import BOOKS, NAMED, NUMBERED, draft, source_of, spread

WORDS = st.text(st.sampled_from('饮水热饭abc 12"\\#=[]{}〖〗、，\n\t\'？') | st.characters(codec="utf-8", exclude_categories=("Cs",)),
                min_size=1, max_size=8)  # fmt: skip
CELLS = st.lists(WORDS | st.none(), min_size=1, max_size=4)


def loaded(made):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "wave.toml"
        path.write_bytes(toml_of(made).encode("utf-8"))
        return replace(load_wave(path), path=None)


@settings(max_examples=20, deadline=None)
@given(
    st.dictionaries(
        WORDS.map(lambda text: text.strip().partition("(")[0].partition("—")[0]).filter(bool),
        CELLS,
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([NAMED, NUMBERED]),
)
def test_any_draft_loads_and_equals_what_was_drafted(columns, dialect):
    made = draft(source_of({name: spread(*cells, n=24) for name, cells in columns.items()}, dialect))
    assert loaded(made) == made.wave


def rich():
    told = {"told": Told("题", "single", (ToldOption("a", "甲"), ToldOption("b", "乙")), missing={"-9": "blank"},
                         shown_if={"first": ("x",)})}  # fmt: skip
    columns = {
        "时间": spread("2024-02-29 08:00", "2024/2/29 9:00:00"),
        "first": spread("x", "y"),
        "told": spread("a", "b"),
        "性别": spread("男", "女"),
        "电话": spread("19000000001"),
        "清单": spread("['p' ;  'q']", "['q']"),
        "您每周去驿站几次": spread("从不去", "1–2次", "7次及以上"),
    }
    return draft(source_of(columns, NAMED, "code", told, name="问卷[1].csv"))


def test_every_kind_of_key_survives_the_file():
    made = rich()
    assert loaded(made) == made.wave
    assert any(q.shown_if for q in made.wave.questions) and any(q.joined for q in made.wave.questions)


def test_sure_links_hold_and_measured_bands_stand_for_numbers():
    made = rich()
    assert link_problems({made.wave.code: made.wave}, load_variables(codebooks=BOOKS), BOOKS) == []
    visits = made.wave.question_of("visits_per_week")
    assert [option.value for option in visits.options] == [1.5, 7.0, 0.0]


def test_a_link_that_its_options_cannot_hold_is_left_commented():
    made = draft(source_of({"1、您的年龄": spread("16~19岁", "20~24岁")}))
    assert made.wave.questions[0].variable is None
    assert '# variable = "age_band"  # 请确认' in toml_of(made)


def test_the_same_exports_give_the_same_file():
    assert toml_of(rich()) == toml_of(rich())


def test_everything_to_decide_is_marked():
    text = toml_of(rich())
    assert all(f"{name} = " in text for name in ("consent_version", "purpose", "legal_basis", "retain_until"))
    assert text.count("待填") >= 3 and "retain_until = 2025-02-28  # 待确认" in text
    assert 'variable = "gender"  # 待确认' in text


def test_a_file_name_with_brackets_is_found_by_its_pattern(tmp_path):
    (tmp_path / "调查").mkdir()
    (tmp_path / "调查" / "问卷[1].csv").touch()
    assert [path.name for path in tmp_path.glob(rich().wave.files["code"])] == ["问卷[1].csv"]


def test_personal_values_never_reach_the_file():
    assert "19000000001" not in toml_of(rich())
