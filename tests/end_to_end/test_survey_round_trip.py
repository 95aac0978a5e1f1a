"""What a platform writes reads back equal: generated answers for every question type, in text and number form."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.surveys import clean_wave
from pipeline.clean.surveys.inverse import cells_of
from pipeline.readers.surveys import tencent_survey, wenjuanxing
from pipeline.readers.surveys.survey_columns import AnswerColumn
from tests.unit.surveys.questionnaire import CONTEXT, META, QUESTIONS, build_table, build_wave, meta_cells

WORDS = st.text("热水充电，。；()（）、 ?!abc", min_size=1, max_size=8).map(str.strip).filter(bool)


def row(option="", item="", text=None, number=None, fill=False, state="answered"):
    return {
        "item_code": item, "option_code": option, "state": state, "value_text": text, "value_number": number,
        "is_fill_in": fill,
    }  # fmt: skip


def missing(question, state):
    if question.type in ("multiple", "ranking", "allocation"):
        return [row(option.code, state=state) for option in question.options]
    return [row(item=item.code, state=state) for item in question.items] or [row(state=state)]


def answered(question):
    codes = [option.code for option in question.options]
    match question.type:
        case "single":
            fills = {option.code for option in question.options if option.fill_in}
            return st.tuples(st.sampled_from(codes), WORDS).map(
                lambda pick: [row(text=pick[0]), *([row(pick[0], text=pick[1], fill=True)] if pick[0] in fills else [])]
            )
        case "scale":
            return st.sampled_from(codes).map(lambda code: [row(text=code, number=float(code))])
        case "matrix":
            return st.tuples(*(st.sampled_from(codes) for _ in question.items)).map(
                lambda picks: [
                    row(item=item.code, text=pick, number=float(pick))
                    for item, pick in zip(question.items, picks, strict=True)
                ]
            )
        case "multiple":
            return st.sets(st.sampled_from(codes), min_size=1).flatmap(
                lambda ticked: WORDS.map(
                    lambda words: [
                        row(
                            code,
                            number=float(code in ticked),
                            text=words if code == "other" and code in ticked else None,
                        )
                        for code in codes
                    ]
                )
            )
        case "ranking":
            return st.permutations(codes).flatmap(
                lambda order: st.integers(1, len(codes)).map(
                    lambda n: [
                        row(code, number=float(order.index(code) + 1) if order.index(code) < n else None)
                        for code in codes
                    ]
                )
            )
        case "number":
            return st.integers(0, 48).map(lambda half: [row(number=half / 2)])
        case "text":
            return WORDS.map(lambda words: [row(text=words)])
        case "date":
            return st.dates().filter(lambda day: day.year > 1900).map(lambda day: [row(text=day.isoformat())])
        case "place":
            return st.sampled_from(["北京-北京-朝阳区", "江苏-南京"]).map(lambda place: [row(text=place)])
        case "allocation":
            return (
                st.lists(st.integers(0, 9), min_size=len(codes), max_size=len(codes))
                .filter(any)
                .map(lambda amounts: [row(code, number=float(n)) for code, n in zip(codes, amounts, strict=True)])
            )


def either(question):
    return st.one_of(
        answered(question), st.sampled_from(["blank", "not_shown"]).map(lambda state: missing(question, state))
    )


ASKED = ("group", "need", "matrix", "ranking", "scale", "hours", "remark", "day", "place", "allocation")


def layout_of(question, form, dialect):
    """Headings and answer columns as the platform lays them out."""
    number = f"{question.number}、" if dialect.family == "wenjuanxing" else f"{question.number}."
    if question.items:
        headings = [f"{number}{question.text_zh}—{question.items[0].text}", *(item.text for item in question.items[1:])]
        return headings, [AnswerColumn("", "", question, item=item.code) for item in question.items]
    if form == "number" and question.type in ("multiple", "ranking"):
        head = f"第{question.number}题" if dialect.family == "wenjuanxing" else f"{question.number}.{question.text_zh}:"
        tail = "({})" if dialect.family == "wenjuanxing" else "{}"
        headings = [head + tail.format(option.text) for option in question.options]
        return headings, [AnswerColumn("", "", question, option=option.code) for option in question.options]
    return [number + question.text_zh], [AnswerColumn("", "", question)]


def read_back(sheets, form, dialect):
    """Write the sheets as the platform does, read them, and return the answers of each."""
    wave = build_wave(*ASKED, family=dialect.family)
    meta = META if dialect.family == "wenjuanxing" else ["编号", "开始答题时间"]
    headings, rows = list(meta), [meta_cells(n)[: len(meta)] for n in range(1, len(sheets) + 1)]
    for question in wave.questions:
        names, columns = layout_of(question, form, dialect)
        headings += names
        for cells, sheet in zip(rows, sheets, strict=True):
            cells += cells_of(sheet[question.code], columns, dialect, form=form)
    result = clean_wave(wave, {form: build_table(headings, rows)}, CONTEXT)
    return result.answers


def comparable(rows, *, with_fill=True):
    kept = [entry for entry in rows if with_fill or not entry["is_fill_in"]]
    return sorted(
        (entry["item_code"], entry["option_code"], entry["state"], entry["value_text"] if with_fill or not entry["option_code"] else None, entry["value_number"])
        for entry in kept
    )  # fmt: skip


SHEETS = st.lists(
    st.fixed_dictionaries({QUESTIONS[name].code: either(QUESTIONS[name]) for name in ASKED}), min_size=1, max_size=6
)


def check(sheets, form, dialect, *, with_fill):
    answers = read_back(sheets, form, dialect)
    for number, sheet in enumerate(sheets, start=1):
        for code, rows in sheet.items():
            got = answers.filter(
                (pl.col("respondent_id") == str(number)) & (pl.col("question_code") == code)
            ).to_dicts()
            for entry in got:
                entry["is_fill_in"] = False
            wanted = [{**entry} for entry in rows]
            if not dialect.tells_skips:  # an empty cell is all there is
                wanted = [{**entry, "state": entry["state"].replace("not_shown", "blank")} for entry in wanted]
            assert _key(comparable(got, with_fill=with_fill)) == _key(comparable(wanted, with_fill=with_fill)), code


def _key(rows):
    return sorted(repr(entry) for entry in rows)


@settings(max_examples=10, deadline=None)
@given(SHEETS)
def test_wenjuanxing_text_export_reads_back_equal(sheets):
    check(sheets, "text", wenjuanxing.DIALECT, with_fill=True)


@settings(max_examples=10, deadline=None)
@given(SHEETS)
def test_wenjuanxing_number_export_reads_back_equal_but_for_fill_in_text(sheets):
    check(sheets, "number", wenjuanxing.DIALECT, with_fill=False)


@settings(max_examples=10, deadline=None)
@given(SHEETS)
def test_tencent_export_reads_back_equal(sheets):
    check(sheets, "text", tencent_survey.DIALECT, with_fill=True)


@settings(max_examples=10, deadline=None)
@given(SHEETS)
def test_tencent_export_with_one_column_per_option_reads_back_equal_but_for_fill_in_text(sheets):
    check(sheets, "number", tencent_survey.DIALECT, with_fill=False)
