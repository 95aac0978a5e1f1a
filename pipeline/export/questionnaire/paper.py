"""The questionnaire as a Word document: to read, to have approved, to print."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH

from pipeline.contracts import Question
from pipeline.contracts.questionnaire import Asked
from pipeline.export.questionnaire.form import Form
from pipeline.export.questionnaire.skips import skip_of
from pipeline.export.questionnaire.word import GREY, HEADING, add_line, add_table, new_document, saved, write

_WIDTH = 17.6  # centimetres between the margins
_INDENT = 0.7
_SHORT = 44  # letters that stand in one line beside each other
_KINDS = {"multiple": "可多选", "number": "填数字", "text": "填写"}
_BOX = {"multiple": "□"}


def questionnaire_document(form: Form) -> bytes:
    """The Word document: title, consent text, every question with its skip in words."""
    document = new_document(form.title, f"{form.title}　{form.bank.banner}", form.stamp, margin=1.7, spacing=1.1)
    add_line(document, form.title, size=18, bold=True, font=HEADING, center=True, after=6)
    for line in form.consent:
        add_line(document, line, after=1)
    for section in form.bank.sections:
        add_line(document, section.label_zh, size=13, bold=True, font=HEADING, before=9, after=1, keep=True)
        if section.lead_zh:
            add_line(document, section.lead_zh, color=GREY, size=9.5, keep=True)
        for question, asked in zip(form.questions, form.asked, strict=True):
            if asked.section == section.code:
                _add_question(document, question, asked, form)
    add_line(document, "问卷到此结束，谢谢您！", before=6, center=True)
    return saved(document)


def _add_question(document: Any, question: Question, asked: Asked, form: Form) -> None:
    hints = [asked.hint_zh or _KINDS.get(question.type, ""), skip_of(question, form.questions)]
    line = add_line(document, f"{question.number}、{question.text_zh}", bold=True, before=5, keep=True)
    said = "；".join(hint for hint in hints if hint)
    if said:
        write(line, f"（{said}）", size=9, color=GREY)
    if asked.local:
        add_line(document, f"〔待填：{asked.local}〕", indent=_INDENT, size=9, keep=True)
    if asked.place and not question.options:
        add_line(
            document, "〔待填：上线前列出本地名称作为选项；不列就由受访者填写〕", indent=_INDENT, size=9, keep=True
        )
    if question.items:
        _add_grid(document, question)
    elif question.options:
        _add_options(document, question)
    else:
        add_line(document, "＿" * 14, indent=_INDENT)


def _add_options(document: Any, question: Question) -> None:
    """Short options in one line, others in columns of equal width."""
    box = _BOX.get(question.type, "○")
    texts = [f"{box} {option.text}{'＿＿＿＿' if option.fill_in else ''}" for option in question.options]
    if sum(len(text) + 2 for text in texts) <= _SHORT:
        add_line(document, "　　".join(texts), indent=_INDENT)
        return
    longest = max(len(text) for text in texts)
    n_columns = 1 if longest > 18 or len(texts) < 4 else 3 if longest <= 12 else 2
    texts += [""] * (-len(texts) % n_columns)
    rows = [texts[place : place + n_columns] for place in range(0, len(texts), n_columns)]
    add_table(document, rows, [(_WIDTH - _INDENT) / n_columns] * n_columns, indent=_INDENT, ruled=False)


def _add_grid(document: Any, question: Question) -> None:
    """A matrix: its rows down, its options across."""
    marks = ["○"] * len(question.options)
    rows = [["", *(option.text for option in question.options)], *([item.text, *marks] for item in question.items)]
    table = add_table(document, rows, [5.2, *[2.2] * len(question.options)], indent=_INDENT, size=9.5)
    for row in table.rows:
        for cell in row.cells[1:]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
