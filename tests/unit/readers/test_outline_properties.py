"""Whatever the headings, an outline accounts for every column once; and a questionnaire is found again in its headings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.surveys.platforms import PLATFORMS, outline_of
from pipeline.readers.surveys.wenjuanxing import outline
from tests.unit.readers.outlines import accounted, shown, table_of

PIECES = ("1、", "2、", "第3题", "12 ", "Q1", "Q2_A1", "[SQ001]", "(饮水)", "（其他（请注明））", "—卫生", "-距离", " [行]", ":", "满意吗",
          "序号", "id", "Timestamp", "标题", "😀", "___", "(1)", "_open", ". ", "[other]", "[", ")", "（")  # fmt: skip
CELLS = st.sampled_from([None, "", "0", "1", "2", "-3", "(跳过)", "好", "Y"])
WORDS = st.lists(
    st.sampled_from(["饮水", "充电", "(甲)", "（乙（丙））", "(丁（戊）)", "、", "，", "——", "😀", "IT", " "]),
    max_size=4,
)
WORDS = WORDS.map(lambda pieces: "词" + "".join(pieces).strip())


@st.composite
def anything(draw):
    headings = draw(st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), min_size=1, max_size=10))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(headings), max_size=len(headings)), max_size=3))
    return headings, rows


@pytest.mark.parametrize("family", PLATFORMS)
@settings(max_examples=20, deadline=None)
@given(anything())
def test_every_column_is_accounted_for_once(family, drawn):
    headings, rows = drawn
    assert accounted(outline_of(table_of(headings, *rows, family=family))) == list(range(len(headings)))


@st.composite
def questionnaires(draw):
    """(number, wording, rows of a matrix or options, whether they are rows) of each question, with gaps in the numbers."""
    numbers = sorted(draw(st.sets(st.integers(1, 60), min_size=1, max_size=6)))
    parts = st.lists(WORDS, min_size=2, max_size=4, unique=True) | st.just([])
    return [(number, draw(WORDS), draw(parts), draw(st.booleans())) for number in numbers]


@settings(max_examples=40, deadline=None)
@given(questionnaires(), st.sampled_from(["、", "：", ":", " "]))
def test_a_wenjuanxing_questionnaire_is_found_again_in_its_headings(questions, mark):
    headings, expected = [], []
    for number, wording, parts, are_rows in questions:
        place = len(headings)
        if not parts:
            headings.append(f"{number}{mark}{wording} ")
            expected.append((f"Q{number}", wording, [(place, "", "")]))
        elif are_rows:
            headings += [f"{number}{mark}{wording}—{parts[0]}", *parts[1:]]
            expected.append((f"Q{number}", wording, [(place + i, part, "") for i, part in enumerate(parts)]))
        else:
            headings += [f"{number}{mark}{wording}({parts[0]})", *(f"{number}({part})" for part in parts[1:])]
            expected.append((f"Q{number}", wording, [(place + i, "", part) for i, part in enumerate(parts)]))
    assert shown(outline(table_of(headings))) == expected
