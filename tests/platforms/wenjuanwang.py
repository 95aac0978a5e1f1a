"""问卷网: three GBK CSVs — All_Data_Readable (words), All_Data_Original (numbers), code.csv (the list of options).

Confirmed by a public parser: the names of the files, GBK, columns `start` and `finish`, 答题时长 in the readable file only, otherwise
the same columns in the same order; `Q3_A1` per option of a multiple or ranking question, `Q4_R1`-like names per row of a
matrix whose label stands behind the last `_`; code.csv without headings: `Q3,题干,多选题`, then `,1,选项`; what was filled in stands in `Q1_open`, `Q3_A4_open`. Assumed: cells of the
readable file hold the option's words or nothing, rank as a number, a column per
option of an allocation. Nothing marks what was skipped. Every type is written.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.contracts import Question, Wave
from tests.platforms.answers import QUESTIONS, Answers, Sheet, is_missing, option_of
from tests.platforms.files import make_wave, with_extra, write_csv
from tests.platforms.naming import with_columns

LAYOUTS = ("pair", "readable", "original")
WITHOUT_FILLED = ()
PER_OPTION = ("multiple", "ranking", "allocation")
KINDS = {"single": "单选题", "multiple": "多选题", "matrix": "矩阵单选题", "ranking": "排序题", "scale": "单选题"}
PERSONAL = ("ip", "openid", "昵称")


def questions(layout: str = "pair") -> tuple[Question, ...]:
    """The questionnaire with the names of one file; where both are read, questions are found by their numbers."""
    if layout == "pair":
        return QUESTIONS
    return tuple(_named(question, readable=layout == "readable") for question in QUESTIONS)


def _named(question: Question, *, readable: bool) -> Question:
    names = [heading if readable else name for name, heading in _columns(question)]
    items = dict(zip([item.code for item in question.items], names, strict=False))
    per_option = question.type in PER_OPTION
    options = dict(zip([option.code for option in question.options], names, strict=False)) if per_option else {}
    fill_ins = {option.code: names[-1] for option in question.options if option.fill_in}
    return with_columns(question, names[0], items=items, options=options, fill_ins=fill_ins)


def wave(layout: str = "pair") -> Wave:
    """The wave that fits."""
    files = {"text": "**/All_Data_Readable.csv", "number": "**/All_Data_Original.csv"}
    if layout != "pair":
        form = "text" if layout == "readable" else "number"
        files = {form: files[form]}
    return make_wave("wenjuanwang", questions(layout), files)


def write(folder: Path, answers: Answers, layout: str = "pair") -> dict[str, Path]:
    """The three files; those the wave asks for are returned."""
    pairs = [pair for question in QUESTIONS for pair in _columns(question)]
    readable: list[list[object]] = [
        ["序号", "start", "finish", "答题时长", *PERSONAL, *(heading for _, heading in pairs)]
    ]
    original: list[list[object]] = [["序号", "start", "finish", *PERSONAL, *(name for name, _ in pairs)]]
    for sheet in answers:
        number, *times = _meta(sheet)
        who = [sheet.person.ip, sheet.person.openid, sheet.person.nickname]
        words = [cell for each in QUESTIONS for cell in _cells(each, sheet.answers[each.code], numbered=False)]
        codes = [cell for each in QUESTIONS for cell in _cells(each, sheet.answers[each.code], numbered=True)]
        readable.append([number, *times, f"{sheet.seconds // 60}分{sheet.seconds % 60}秒", *who, *words])
        original.append([number, *times, *who, *codes])
    write_csv(folder / "code.csv", [row for question in QUESTIONS for row in _code_rows(question)], "gb18030")
    written = {
        "text": write_csv(folder / "All_Data_Readable.csv", with_extra(readable, answers), "gb18030"),
        "number": write_csv(folder / "All_Data_Original.csv", with_extra(original, answers), "gb18030"),
    }
    return {form: written[form] for form in wave(layout).files}


def _meta(sheet: Sheet) -> list[object]:
    return [sheet.number, *(f"{at:%Y-%m-%d %H:%M:%S}" for at in (sheet.began, sheet.ended))]


def _columns(question: Question) -> list[tuple[str, str]]:
    """Name in the original and heading in the readable file, column by column."""
    name, stem = f"Q{question.number}", question.text_zh
    if question.items:
        columns = [(f"{name}_R{n}", f"{name}_{stem}_{item.text}") for n, item in enumerate(question.items, start=1)]
    elif question.type in PER_OPTION:
        columns = [(f"{name}_A{option.number}", f"{name}_{stem}_{option.text}") for option in question.options]
    else:
        columns = [(name, f"{name}_{stem}")]
    fill_ins = [option for option in question.options if option.fill_in]
    beside = {
        option.code: f"{name}_A{option.number}_open" if len(columns) > 1 else f"{name}_open" for option in fill_ins
    }
    return columns + [(beside[option.code], f"{name}_{stem}_{option.text}_open") for option in fill_ins]


def _cells(question: Question, answer: Any, *, numbered: bool) -> list[object]:
    width = len(_columns(question))
    if is_missing(answer):
        return [""] * width
    words = {option.code: option.number if numbered else option.text for option in question.options}
    match question.type:
        case "single" | "scale":
            cells: list[object] = [words[answer.option]]
            return cells + [answer.text or ""] * (width - 1)
        case "multiple":
            ticked = {pick.option: pick.text for pick in answer}
            cells = [(1 if numbered else words[code]) if code in ticked else (0 if numbered else "") for code in words]
            return cells + [ticked.get(option.code) or "" for option in question.options if option.fill_in]
        case "matrix":
            return [words[option] for option in answer.values()]
        case "ranking":
            ranks = {pick.option: place for place, pick in enumerate(answer, start=1)}
            return [ranks.get(option.code, "") for option in question.options]
        case "allocation":
            return [answer[option.code] for option in question.options]
    return [answer]


def _code_rows(question: Question) -> list[list[object]]:
    head: list[list[object]] = [[f"Q{question.number}", question.text_zh, KINDS.get(question.type, "填空题")]]
    return head + [["", option.number, option_of(question, option.code).text] for option in question.options]
