"""A TOML file saved the wrong way says what to change, where; a right one is read."""

from __future__ import annotations

import pytest

from pipeline.contracts.toml import Reader, load_toml
from pipeline.errors import PipelineError


def refused(path):
    """Exit code and problems of a file that cannot be used."""
    with pytest.raises(PipelineError) as caught:
        load_toml(path)
    return caught.value.exit_code, caught.value.problems


def test_a_right_file_is_read_with_full_width_signs_inside_its_texts(put):
    path = put("place/a.toml", '# 名称“甲”＝乙\nname = "东门（一）：“甲”＝乙"\n')
    assert load_toml(path) == {"name": "东门（一）：“甲”＝乙"}


def test_a_byte_order_mark_is_explained(put):
    code, (problem,) = refused(put("place/a.toml", b'\xef\xbb\xbfname = "x"\n'))
    assert (code, problem.code) == (11, "toml_bom")
    assert "BOM" in problem.text("zh") and "怎么办" in problem.text("zh")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_gbk_is_explained_with_its_line(put, encoding):
    code, (problem,) = refused(put("place/a.toml", 'a = 1\nname = "东门"\n'.encode(encoding)))
    assert (code, problem.got) == (11, "GBK / GB18030")
    assert "2" in problem.where or "2" in problem.text("zh")


def test_utf_16_is_explained(put):
    code, (problem,) = refused(put("place/a.toml", 'name = "x"'.encode("utf-16")))
    assert (code, problem.got) == (11, "UTF-16")


def test_every_full_width_sign_is_listed_with_its_line(put):
    code, problems = refused(put("place/a.toml", "a ＝ 1\nb = “甲”\n[［c］]\n"))
    assert code == 11
    assert [(p.where.rsplit(":", 1)[1], p.got, p.expected) for p in problems][:3] == [
        ("1", "＝", "="),
        ("2", "“", '"'),
        ("2", "”", '"'),
    ]


def test_other_mistakes_name_the_line(put):
    code, (problem,) = refused(put("place/a.toml", "a = \nb = 1\n"))
    assert (code, problem.code) == (11, "toml_broken")
    assert "line 1" in problem.got


def test_a_missing_file_is_exit_10(tmp_path):
    assert refused(tmp_path / "no.toml")[0] == 10


def test_all_problems_of_a_file_come_at_once(tmp_path):
    reader = Reader(tmp_path / "a.toml")
    reader.get({}, "label_zh", str, "[[code]] x")
    reader.get({"n": "3"}, "n", int, "")
    reader.get({"b": True}, "b", int, "")
    reader.choice({"kind": "leger"}, "kind", ("ledger", "log"), "")
    reader.known({"colour": 1}, ("code",), "")
    with pytest.raises(PipelineError) as caught:
        reader.finish()
    assert (caught.value.exit_code, len(caught.value.problems)) == (11, 5)


def test_defaults_are_no_problem(tmp_path):
    reader = Reader(tmp_path / "a.toml")
    assert reader.get({}, "n", int, "", 7) == 7
    assert reader.choice({}, "kind", ("ledger",), "", None) is None
    reader.finish()
