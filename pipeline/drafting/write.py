"""The draft as a wave file: TOML that loads at once, with what a person has to decide in comments beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.contracts import Item, Option, Question, Wave
from pipeline.contracts.toml_text import toml_value
from pipeline.drafting.against import NEW, RENAMED, Match
from pipeline.drafting.draft import Draft
from pipeline.drafting.wave_facts import NO_DATE, TO_FILL

_CHECK = "# 待确认"
_FILL = f"# {TO_FILL}"
_HEAD = (
    "波次文件草稿，由 codebook draft 从导出文件起草。标“待填”“待确认”的请逐条核对，改好后放进 place/waves/。",
    "A draft of a wave file. Check every line marked 待填 (to fill in) or 待确认 (to confirm), then put it into place/waves/.",
)
_WORDS = {"same": "相同", "renamed": "改了措辞", "new": "新题"}


def toml_of(draft: Draft) -> str:
    """The whole file. The same draft always gives the same text; loading it gives `draft.wave` again."""
    lines = [*(f"# {line}" for line in _HEAD), *_hints(draft), "", *_wave_lines(draft.wave, draft)]
    matches = draft.comparison.matches if draft.comparison else (None,) * len(draft.wave.questions)
    for place, (question, match) in enumerate(zip(draft.wave.questions, matches, strict=True), start=1):
        lines += ["", *_question_lines(draft, question, match, place)]
    return "\n".join(lines) + "\n"


def _hints(draft: Draft) -> list[str]:
    lines = []
    if draft.comparison:
        kinds = [match.kind for match in draft.comparison.matches]
        counts = "，".join(f"{word} {kinds.count(kind)} 题" for kind, word in _WORDS.items())
        lines += ["#", f"# 与 {draft.comparison.wave} 相比：{counts}，删去 {len(draft.comparison.dropped)} 题"]
        lines += [f"#   删去：{old.code} {_plain(old.text_zh)}" for old in draft.comparison.dropped]
    if draft.lints:
        lines += ["#", f"# 问卷本身的提示（{len(draft.lints)} 条）："]
        lines += [f"#   {one.question} {_plain(one.zh)}" for one in draft.lints]
    return lines


def _plain(text: str) -> str:
    """A wording fit for a comment: one line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _wave_lines(wave: Wave, draft: Draft) -> list[str]:
    dated = _CHECK if wave.opened_on != NO_DATE else _FILL
    said: list[tuple[str, Any, str]] = [
        ("code", wave.code, _CHECK), ("label_zh", wave.label_zh, _CHECK), ("label_en", wave.label_en, _CHECK),
        ("platform_family", wave.platform_family, ""), ("area_code", wave.area_code, _CHECK),
        ("population_code", wave.population_code, f"{_CHECK}：attached 辖区网点所属，delivering 当日在辖区配送"),
        ("mode_code", wave.mode_code, f"{_CHECK}：qr 海报扫码，intercept 拦访，link 链接，paper 纸质"),
        ("opened_on", wave.opened_on, dated), ("closed_on", wave.closed_on, dated),
        ("consent_version", wave.consent_version, f"{_FILL}：知情同意书的版本"),
        ("purpose", wave.purpose, f"{_FILL}：为什么收集"), ("legal_basis", wave.legal_basis, f"{_FILL}：凭什么收集"),
        ("retain_until", wave.retain_until, f"{_CHECK}：保存到哪天（暂写结束后一年）"),
        ("drop_flags", list(wave.drop_flags) or None, _CHECK), ("ignore_columns", list(wave.ignore_columns) or None, _CHECK),
    ]  # fmt: skip
    lines = [f"{name} = {toml_value(value)}  {note}".rstrip() for name, value, note in said if value is not None]
    lines += ["", "[files]", *(f"{form} = {toml_value(path)}  {_CHECK}" for form, path in wave.files.items())]
    if wave.columns:
        lines += ["", "[columns]", *(f"{role} = {toml_value(name)}" for role, name in wave.columns.items())]
    return lines


def _question_lines(draft: Draft, question: Question, match: Match | None, place: int) -> list[str]:
    lines = [f"# {_plain(note)}" for note in draft.notes.get(question.code, ())]
    lines += [f"# {_plain(line)}" for line in _match_notes(match, draft)]
    lines += ["[[question]]", f"code = {toml_value(question.code)}"]
    if question.column is None or question.number != place:
        lines.append(f"number = {question.number}")
    lines += [f"type = {toml_value(question.type)}", *_variable_lines(draft, question, match)]
    for name in ("text_zh", "text_en", "column", "expected", "min", "max", "missing_none"):
        if getattr(question, name) is not None:
            lines.append(f"{name} = {toml_value(getattr(question, name))}")
    if question.personal:
        lines.append("personal = true")
    if question.on_unknown != "stop":
        lines.append(f"on_unknown = {toml_value(question.on_unknown)}")
    if question.joined:
        lines.append(f"joined = {toml_value(question.joined)}")
    for name in ("missing", "shown_if"):
        if getattr(question, name):
            lines.append(f"{name} = {_table(getattr(question, name))}")
    lines += _list_lines("items", question.items) + _list_lines("options", question.options)
    return lines


def _match_notes(match: Match | None, draft: Draft) -> list[str]:
    if match is None or draft.comparison is None:
        return []
    if match.kind == NEW:
        return [f"新题（{draft.comparison.wave} 没有）"]
    lines = [*match.changes, *match.kept]
    if match.kind == RENAMED and match.earlier is not None:
        lines.insert(0, f"改了措辞，{draft.comparison.wave} 是：{match.earlier.text_zh}")
    return lines


def _variable_lines(draft: Draft, question: Question, match: Match | None) -> list[str]:
    proposal = next((one for one in draft.proposals if one.question == question.code), None)
    lines = []
    if question.variable is not None:
        score = f"（{proposal.score:.2f}）" if proposal else ""
        lines.append(f"variable = {toml_value(question.variable)}  {_CHECK}{score}")
        if match is not None and draft.comparison and match.earlier and (match.kind == RENAMED or match.changes):
            wave = draft.comparison.wave
            lines.append(
                f"# comparable_with = {toml_value([wave])}  # 请确认：意思与 {_plain(wave)} 相同才去掉行首的 #"
            )
    elif proposal is not None:
        lines.append(f"# variable = {toml_value(proposal.variable)}  # 请确认（{proposal.score:.2f}）")
    return lines


def _list_lines(name: str, parts: tuple[Option, ...] | tuple[Item, ...]) -> list[str]:
    if not parts:
        return []
    return [f"{name} = [", *(f"  {toml_value(_said(part))}," for part in parts), "]"]


def _said(part: Option | Item) -> dict[str, Any]:
    names = ("code", "number", "text", "text_en", "value", "fill_in", "reversed", "column", "fill_in_column")
    said = {name: getattr(part, name) for name in names if hasattr(part, name)}
    return {name: value for name, value in said.items() if value is not None and value is not False}


def _table(said: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{toml_value(name)} = {toml_value(value)}" for name, value in said.items()) + " }"
