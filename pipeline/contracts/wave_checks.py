"""What single values of a wave file cannot show: dates out of order, names of what is not there, answers nobody could tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.contracts.toml import Reader
from pipeline.contracts.wave import FLAGS, FORMS, META_ROLES, STATES, Question, Wave

_LISTED = ("single", "multiple", "ranking")  # types that cannot be read without their options


def check_wave(reader: Reader, wave: Wave) -> None:
    """Note every mistake of a wave as a whole."""
    note_others(reader, "drop_flags", "质量标记不认识", "unknown quality flag", wave.drop_flags, FLAGS)
    note_others(reader, "files", "导出方式不认识", "unknown form of an export", wave.files, FORMS)
    note_others(reader, "columns", "列的用途不认识", "unknown role of a column", wave.columns, META_ROLES)
    if not wave.files:
        reader.note("files", "没有写答卷文件", "no file is named", expected='files = { text = "…" }')
    if wave.frame_total is not None and wave.frame_total <= 0:
        reader.note("frame_total", "总体规模要大于零", "the frame is not empty", got=str(wave.frame_total))
    _check_dates(reader, wave)
    questions = [question for question in wave.questions if question.code]
    codes = [question.code for question in questions]
    note_repeats(reader, "[[question]] code", codes)
    numbered = [str(q.number) for q in questions if q.column is None and q.number is not None]
    note_repeats(reader, "[[question]] number", numbered, "题号重复", "the number stands twice")
    own = [question.column for question in questions if question.column]
    note_repeats(reader, "[[question]] column", own, "同一列给了两道题", "one column answers two questions")
    options = {question.code: {option.code for option in _there(question.options)} for question in questions}
    for question in questions:
        if "text" in wave.files:  # a cell then holds words; an option with a column of its own is known by that
            words = ["".join(str(option.text).split()) for option in _there(question.options) if not option.column]
            same = "文字相同，读入时分不清", "the same words: they cannot be told apart"
            note_repeats(reader, f"[[question]] {question.code} options", words, *same)
        _check_conditions(reader, question, codes, options)
        if wave.code in question.comparable_with:
            reader.note(f"[[question]] {question.code} comparable_with", "不能写本波次", "a wave is not named by itself",
                        got=wave.code)  # fmt: skip


def check_question(reader: Reader, question: Question, where: str) -> None:
    """Note every mistake of one question that does not depend on the others."""
    options, items = _there(question.options), _there(question.items)
    for name, parts in (("options", options), ("items", items)):
        note_repeats(reader, f"{where} {name}", [part.code for part in parts])
    numbers = [str(option.number) for option in options if option.number is not None]
    note_repeats(
        reader, f"{where} options", numbers, "序号相同，读入时分不清", "the same number: they cannot be told apart"
    )
    headed = [column for option in options for column in (option.column, option.fill_in_column) if column]
    headed += [item.column for item in items if item.column]
    note_repeats(reader, f"{where} column", headed, "同一列写了两次", "one column stands twice")
    named = {"expected": question.expected, "missing_none": question.missing_none}
    for key, code in named.items():
        if code is not None:
            note_others(
                reader, f"{where} {key}", "没有这个选项", "there is no such option", [code], [o.code for o in options]
            )
    if question.type in _LISTED and not question.options:
        reader.note(where, "这种题型要写 options", "a question of this type lists its options", got=question.type)
    if question.type == "matrix" and not question.items:
        reader.note(where, "矩阵题要写 items", "a matrix lists its items", got=question.type)
    if question.min is not None and question.max is not None and question.min > question.max:
        reader.note(where, "min 大于 max", "min is above max", got=f"{question.min} > {question.max}")
    if question.joined and len(question.joined) != 3:
        reader.note(where, "joined 要写三段：前、间、后", "joined has three parts: before, between, after",
                    got=str(len(question.joined)))  # fmt: skip
    states = list(question.missing.values())
    note_others(reader, f"{where} missing", "回答状态不认识", "unknown answer state", states, STATES)


def _check_dates(reader: Reader, wave: Wave) -> None:
    if wave.opened_on and wave.closed_on and wave.opened_on > wave.closed_on:
        reader.note("opened_on", "开始晚于结束", "it opens after it closes", got=f"{wave.opened_on} > {wave.closed_on}")
    if wave.retain_until and wave.closed_on and wave.retain_until < wave.closed_on:
        reader.note("retain_until", "保存期限早于调查结束", "answers are kept until a day before it closes",
                    got=f"{wave.retain_until} < {wave.closed_on}")  # fmt: skip


def _check_conditions(
    reader: Reader, question: Question, codes: Sequence[str], options: Mapping[str, set[str]]
) -> None:
    where = f"[[question]] {question.code} shown_if"
    note_others(reader, where, "条件里的题不存在", "a condition names no question", question.shown_if, codes)
    if question.code in question.shown_if:
        reader.note(where, "条件里写了这道题自己", "a question is not shown by its own answer", got=question.code)
    for other, wanted in question.shown_if.items():
        if options.get(other):
            known = sorted(options[other])
            note_others(reader, where, "条件里的选项不存在", "a condition names no option", wanted, known)


def note_others(
    reader: Reader, where: str, zh: str, en: str, got: Iterable[str] | Mapping[str, Any], known: Sequence[str]
) -> None:
    """Note each name that is not among those known."""
    for name in got:
        if name not in known:
            reader.note(where, zh, en, got=str(name), expected=" ".join(known))


def note_repeats(
    reader: Reader, where: str, names: list[str], zh: str = "代码重复", en: str = "the code stands twice"
) -> None:
    """Note each name that stands more than once."""
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        reader.note(where, zh, en, got=name)


def _there(parts: Sequence[Any]) -> list[Any]:
    """Options or items that could be read at all."""
    return [part for part in parts if part is not None]
