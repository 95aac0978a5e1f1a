"""A Qualtrics questionnaire (`.qsf`, JSON) as a form: wording, type, choices with their codes, and display conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.readers.surveys.outline import Told, ToldOption
from pipeline.readers.surveys.qualtrics_ids import plain_wording

_SINGLE = ("SAVR", "SAHR", "SACOL", "DL", "SB", "GRB")
_MULTIPLE = ("MAVR", "MAHR", "MACOL", "MSB")
_BY_KIND = {
    "TE": "text", "Matrix": "matrix", "SBS": "matrix", "RO": "ranking", "CS": "allocation", "Slider": "number", "DD": "single",
}  # fmt: skip
_SILENT = ("DB", "Timing", "Meta", "Captcha")  # descriptions, timers, browser data: nothing is answered


def form(data: Mapping[str, Any]) -> dict[str, Told]:
    """What a .qsf says of its questions, by their export tags (`Q2`). `data` is the parsed JSON.

    A choice's `code` is its recode value, its `text` the name it has in exports (variable naming) or its wording. The rows
    of a matrix are its items. A display condition that is one choice of one question, or several joined by "or", is
    understood (`shown_if`); any other is kept in words (`condition`). Deleted questions are left out.

    >>> form({"SurveyElements": [{"Element": "SQ", "PrimaryAttribute": "QID1", "Payload": {"QuestionText": "去过<b>驿站</b>吗",
    ...     "DataExportTag": "Q1", "QuestionType": "MC", "Selector": "SAVR", "Choices": {"1": {"Display": "去过"}}}}]})["Q1"].options
    (ToldOption(code='1', text='去过', number=1),)
    """
    questions = dict(_questions(data))
    told = {payload.get("DataExportTag") or identity: _told(payload) for identity, payload in questions.items()}
    for identity, payload in questions.items():
        if payload.get("DisplayLogic"):
            tag = payload.get("DataExportTag") or identity
            told[tag] = _with_condition(told[tag], payload["DisplayLogic"], questions)
    return told


def _questions(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Questions by their QID, without those in the trash."""
    elements = data.get("SurveyElements") or []
    blocks = [
        block for element in elements if element.get("Element") == "BL" for block in _values(element.get("Payload"))
    ]
    trash = {
        one.get("QuestionID")
        for block in blocks
        if block.get("Type") == "Trash"
        for one in block.get("BlockElements") or []
    }
    for element in elements:
        payload = element.get("Payload")
        if element.get("Element") != "SQ" or not isinstance(payload, dict):
            continue
        identity = element.get("PrimaryAttribute") or payload.get("QuestionID")
        if payload.get("QuestionType") not in _SILENT and identity not in trash:
            yield identity, payload


def _values(payload: Any) -> list[Mapping[str, Any]]:
    """What a JSON object or list holds: the platform writes either, as the ids happen to be."""
    found = payload.values() if isinstance(payload, dict) else payload or []
    return [value for value in found if isinstance(value, dict)]


def _told(payload: Mapping[str, Any]) -> Told:
    kind, selector = payload.get("QuestionType", ""), payload.get("Selector", "")
    told_type = _BY_KIND.get(kind)
    if kind == "MC":
        told_type = "single" if selector in _SINGLE else "multiple" if selector in _MULTIPLE else "scale"
    elif kind == "TE" and _is_number(payload):
        told_type = "number"
    choices = _choices(payload, "Choices", "ChoiceOrder")
    answers = _choices(payload, "Answers", "AnswerOrder")
    if selector == "NPS":
        choices = [(text, text) for _, text in choices]  # exported as the 0 to 10 that is shown
    has_rows = bool(answers) or kind in ("Matrix", "Slider", "TE")
    options = _coded(answers if answers else () if has_rows else choices, payload, is_recoded=kind != "RO")
    items = _coded(choices, {}, is_recoded=False) if has_rows else ()
    return Told(plain_wording(payload.get("QuestionText") or ""), told_type, options, items)


def _is_number(payload: Mapping[str, Any]) -> bool:
    validation = payload.get("Validation")
    settings = validation.get("Settings") if isinstance(validation, dict) else None
    return isinstance(settings, dict) and settings.get("ContentType") == "ValidNumber"


def _choices(payload: Mapping[str, Any], name: str, order: str) -> list[tuple[str, str]]:
    """Ids and wordings in the order in which they are shown."""
    found = payload.get(name)
    by_id = found if isinstance(found, dict) else {str(i): one for i, one in enumerate(found or [], start=1)}
    listed = [str(one) for one in _flat(payload.get(order)) if str(one) in by_id] or list(by_id)
    texts = [by_id[one].get("Display", "") if isinstance(by_id[one], dict) else by_id[one] for one in listed]
    return [(one, plain_wording(str(text))) for one, text in zip(listed, texts, strict=True)]


def _flat(order: Any) -> Sequence[Any]:
    return list(order.values()) if isinstance(order, dict) else order or []


def _coded(
    choices: Sequence[tuple[str, str]], payload: Mapping[str, Any], *, is_recoded: bool
) -> tuple[ToldOption, ...]:
    """Choices with the code and the name they have in exports."""
    recodes = _named(payload.get("RecodeValues")) if is_recoded else {}
    names = _named(payload.get("VariableNaming"))
    coded = [(str(recodes.get(one, one)), plain_wording(str(names.get(one) or text))) for one, text in choices]
    return tuple(ToldOption(code, text, int(code) if code.lstrip("-").isdecimal() else None) for code, text in coded)


def _named(mapping: Any) -> Mapping[str, Any]:
    return mapping if isinstance(mapping, dict) else {}


def _with_condition(one: Told, logic: Any, questions: Mapping[str, Mapping[str, Any]]) -> Told:
    """The condition, understood where it is "this choice, or that one, of one question"."""
    terms = [term for group in _values(logic) for term in _values(group)]
    words = " ".join(plain_wording(str(term.get("Description", ""))) for term in terms).strip()
    asked = {str(term.get("QuestionID")) for term in terms}
    is_or = all(str(term.get("Conjuction") or term.get("Conjunction") or "").lower() == "or" for term in terms[1:])
    source = questions.get(next(iter(asked), ""), {}) if len(asked) == 1 else {}
    codes = [_code(term, source) for term in terms]
    if terms and is_or and source and all(codes) and one.type is not None:
        tag = source.get("DataExportTag") or next(iter(asked))
        return Told(one.text, one.type, one.options, one.items, shown_if={tag: tuple(dict.fromkeys(codes))})
    return Told(one.text, one.type, one.options, one.items, condition=words or "DisplayLogic")


def _code(term: Mapping[str, Any], source: Mapping[str, Any]) -> str:
    """The code of the choice that must be selected; empty where the term says anything else."""
    locator = str(term.get("ChoiceLocator") or term.get("LeftOperand") or "")
    choice = locator.rpartition("/SelectableChoice/")[2] if "/SelectableChoice/" in locator else ""
    if term.get("Operator") != "Selected" or source.get("QuestionType") != "MC" or not choice:
        return ""
    known = {one for one, _ in _choices(source, "Choices", "ChoiceOrder")}
    return str(_named(source.get("RecodeValues")).get(choice, choice)) if choice in known else ""
