"""What is written as TOML is read as what it was."""

from __future__ import annotations

import tomllib
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.contracts.toml_text import toml_block, toml_file, toml_value

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT)
def test_any_text_comes_back_whatever_signs_it_holds(text):
    assert tomllib.loads(f"a = {toml_value(text)}\n") == {"a": text}


def test_a_block_leaves_out_what_is_not_said():
    assert toml_block({"a": 1, "b": None, "on": date(2023, 6, 1)}, "[[x]]") == "[[x]]\na = 1\non = 2023-06-01\n"


def test_a_file_has_its_comment_its_head_and_its_blocks():
    text = toml_file("一\n二", {"name": "甲"}, [("[[code]]", {"code": "a"}), ("[[code]]", {"code": "b"})])
    assert text.startswith("# 一\n# 二\n")
    assert tomllib.loads(text) == {"name": "甲", "code": [{"code": "a"}, {"code": "b"}]}
