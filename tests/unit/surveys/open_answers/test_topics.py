"""Open answers fall under topics by keywords that were reviewed; what falls under none is counted."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pipeline.clean.surveys.open_answers import code_open_answers, released_quotes, uncoded_words
from pipeline.clean.surveys.open_answers.matching import topic_finder
from pipeline.clean.surveys.open_answers.quotes import text_hash
from pipeline.contracts import Wave, load_toml
from pipeline.contracts.open_answers import SHARED, UNCODED, load_open_answers
from pipeline.contracts.quotes import Quote, load_quotes
from pipeline.errors import PipelineError
from pipeline.paths import Study
from tests.unit.surveys.questionnaire import QUESTIONS

CODEBOOK = load_open_answers()
FIND = topic_finder(CODEBOOK)
WAVE = Wave("w", "波", "wave", "wenjuanxing", "attached", "qr", date(2023, 5, 1), date(2023, 5, 9), "1", "…", {},
            (QUESTIONS["remark"], QUESTIONS["need"], QUESTIONS["group"], QUESTIONS["hours"]))  # fmt: skip


def answers(*rows: tuple) -> pl.DataFrame:
    """respondent, question, option, text → rows of clean.answers."""
    return pl.DataFrame(
        [
            {
                "wave_code": "w", "respondent_id": person, "area_code": "QC", "question_code": question, "item_code": "",
                "option_code": option, "state": "answered", "value_text": text, "value_number": None,
                "source_file_id": "f", "source_sheet": "", "source_row": number,
            }
            for number, (person, question, option, text) in enumerate(rows, start=2)
        ]
    )  # fmt: skip


def topics(*rows: tuple) -> list[tuple]:
    coded = code_open_answers(answers(*rows), WAVE, CODEBOOK)
    return coded.select("respondent_id", "question_code", "topic_code").rows()


@pytest.mark.parametrize("topic", CODEBOOK.topics, ids=lambda topic: topic.code)
def test_every_topic_has_examples_that_fall_under_it_and_counterexamples_that_do_not(topic):
    assert topic.example and topic.counterexample
    assert [text for text in topic.example if topic.code not in FIND(text)] == []
    assert [text for text in topic.counterexample if topic.code in FIND(text)] == []


def test_every_topic_of_the_codebook_says_who_reviewed_it():
    for block in load_toml(SHARED)["topic"]:
        assert block["reviewed_by"] and isinstance(block["reviewed_on"], date)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("热水没有，微波炉要排队", ("queue", "water", "hot_meal")),
        ("不缺水", ()),
        ("缺水，不排队", ("water",)),
        ("薪水", ("work",)),
        ("ＯＫ，２４小时开", ("hours",)),
        ("没有。", ("nothing",)),
        ("没有空调", ("heat_cold",)),
        ("感谢〔已隐去〕", ("thanks",)),
        ("呵呵", ()),
    ],
)
def test_a_text_falls_under(text, found):
    assert FIND(text) == found


def test_a_respondent_names_a_topic_of_a_question_once_and_uncoded_stands_alone():
    assert topics(
        ("1", "q8", "", "热水没有"),
        ("2", "q8", "", "呵呵"),
        ("1", "q2", "other", "饮水"),
        ("1", "q2", "water", "呵呵"),
        ("3", "q2", "other", "呵呵"),
    ) == [("1", "q8", "water"), ("2", "q8", UNCODED), ("1", "q2", "water"), ("3", "q2", UNCODED)]


def test_codes_of_options_and_answers_of_other_types_are_no_open_answers():
    rows = [("1", "q1", "", "1"), ("1", "q1", "3", "修车"), ("1", "q7", "", "约八小时"), ("1", "q2", "water", None)]
    assert topics(*rows) == [("1", "q1", "repair")]


def test_words_of_uncoded_answers_are_listed_from_ten_respondents_on():
    rows = [(str(n), "q8", "", f"想要乒乓球桌{'啊' * n}") for n in range(10)]
    rows += [(str(n), "q8", "", f"篮球场{'呀' * n}") for n in range(10, 19)]
    found = uncoded_words(answers(*rows), WAVE, CODEBOOK)
    assert {"乒乓球", "乒乓球桌"} & set(found["word"])
    assert not found.filter(pl.col("word").str.contains("篮球")).height
    assert found["n_respondents"].min() >= CODEBOOK.fewest == 10


def quote(**given) -> Quote:
    told = {
        "wave": "w",
        "question": "q8",
        "text": None,
        "sha256": None,
        "reviewed_by": "某",
        "reviewed_on": date(2023, 6, 1),
    }
    return Quote(**{**told, **given}, where="quotes.toml [[quote]] 1")


@pytest.mark.parametrize("given", [{"text": "热水没有"}, {"sha256": text_hash("热水没有")}])
def test_a_released_sentence_is_found_by_its_text_or_its_hash(given):
    rows = answers(("1", "q8", "", "热水没有"), ("2", "q8", "", " 热水没有 "), ("3", "q8", "", "谢谢"))
    found = released_quotes(rows, {"w": WAVE}, CODEBOOK, [quote(**given)])
    assert found.select("topic_code", "quote").rows() == [("water", "热水没有")]


@pytest.mark.parametrize(
    "given", [{"text": "热水没有了"}, {"text": "热水没有", "question": "q2"}, {"text": "热水没有", "wave": "v"}]
)
def test_a_release_that_matches_no_answer_is_stale_and_not_repeated_in_the_message(given):
    with pytest.raises(PipelineError) as caught:
        released_quotes(
            answers(("1", "q8", "", "热水没有")), {"w": WAVE}, CODEBOOK, [quote(**given), quote(text="另一句")]
        )
    assert caught.value.exit_code == 11
    assert [problem.code for problem in caught.value.problems] == ["quote_stale", "quote_stale"]
    assert not any("热水" in str(problem) or "另一句" in str(problem) for problem in caught.value.problems)


def study(tmp_path, name: str, text: str) -> Study:
    (tmp_path / "place").mkdir(exist_ok=True)
    (tmp_path / "place" / name).write_text(text, encoding="utf-8")
    return Study(root=tmp_path, out=tmp_path / "processed")


def test_a_place_adds_words_to_a_topic_and_topics_of_its_own(tmp_path):
    signed = 'reviewed_by = "某"\nreviewed_on = 2023-06-01\n'
    own = f'[[topic]]\ncode = "charging"\nwords = ["回血"]\n{signed}[[topic]]\ncode = "courts"\nlabel_zh = "球场"\nlabel_en = "Courts"\nphrases = ["球场"]\n{signed}'
    book = load_open_answers(study(tmp_path, "open_answers.toml", own))
    find = topic_finder(book)
    assert (find("给手机回血"), find("充电")) == (("charging",), ("charging",))
    assert find("有个球场") == ("courts",)
    assert [code.code for code in book.code_list().codes][-2:] == ["courts", UNCODED]


@pytest.mark.parametrize(
    "text",
    [
        '[[topic]]\ncode = "charging"\nwords = ["回血"]\n',  # nobody signed
        '[[topic]]\ncode = "new"\nwords = ["回血"]\nreviewed_by = "某"\nreviewed_on = 2023-06-01\n',  # no labels
        '[[topic]]\ncode = "charging"\nword = ["回血"]\nreviewed_by = "某"\nreviewed_on = 2023-06-01\n',  # a slip of the pen
        '[[topic]]\ncode = "uncoded"\nlabel_zh = "a"\nlabel_en = "b"\nwords = ["a"]\nreviewed_by = "某"\nreviewed_on = 2023-06-01\n',
    ],
)
def test_a_block_that_is_wrong_is_exit_11(tmp_path, text):
    with pytest.raises(PipelineError) as caught:
        load_open_answers(study(tmp_path, "open_answers.toml", text))
    assert caught.value.exit_code == 11


@pytest.mark.parametrize("what", ["", 'text = "a"\nsha256 = "b"\n', 'sha256 = "b"\n'])
def test_a_release_names_either_the_text_or_its_hash(tmp_path, what):
    block = f'[[quote]]\nwave = "w"\nquestion = "q8"\n{what}reviewed_by = "某"\nreviewed_on = 2023-06-01\n'
    with pytest.raises(PipelineError) as caught:
        load_quotes(study(tmp_path, "quotes.toml", block))
    assert caught.value.exit_code == 11


def test_a_release_is_read_as_it_is_written(tmp_path):
    block = '[[quote]]\nwave = "w"\nquestion = "q8"\ntext = "热水没有"\nreviewed_by = "某"\nreviewed_on = 2023-06-01\n'
    assert load_quotes(study(tmp_path, "quotes.toml", block)) == [quote(text="热水没有")]
