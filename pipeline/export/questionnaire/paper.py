"""The questionnaire as a Word document: to read, to have approved, to print."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm

from pipeline.contracts import Question
from pipeline.contracts.questionnaire import Asked
from pipeline.export.questionnaire.form import Form
from pipeline.export.questionnaire.skips import skip_of
from pipeline.export.questionnaire.word import GREY, HEADING, add_line, new_document, saved, write

_WIDTH = 17.0  # centimetres between the margins
_SHORT = 44  # letters that stand in one line beside each other
_KINDS = {"multiple": "可多选", "number": "填数字", "text": "填写"}
_BOX = {"multiple": "□"}


def questionnaire_document(form: Form) -> bytes:
    """The Word document: title, consent text, every question with its skip in words."""
    document = new_document(form.title, f"{form.title}（{form.bank.banner}）", form.stamp)
    add_line(document, form.title, size=18, bold=True, font=HEADING, center=True, after=6)
    for line in form.consent:
        add_line(document, line, after=2, indent=0.2)
    for section in form.bank.sections:
        add_line(document, section.label_zh, size=13, bold=True, font=HEADING, before=12, after=2, keep=True)
        if section.lead_zh:
            add_line(document, section.lead_zh, color=GREY, size=9.5, keep=True)
        for question, asked in zip(form.questions, form.asked, strict=True):
            if asked.section == section.code:
                _add_question(document, question, asked, form)
    add_line(document, "问卷到此结束，谢谢您！", before=12, center=True)
    return saved(document)


def _add_question(document: Any, question: Question, asked: Asked, form: Form) -> None:
    hints = [_KINDS.get(question.type, ""), asked.hint_zh, skip_of(question, form.questions)]
    line = add_line(document, f"{question.number}、{question.text_zh}", bold=True, before=7, keep=True)
    said = "；".join(hint for hint in hints if hint)
    if said:
        write(line, f"（{said}）", size=9, color=GREY)
    if asked.local:
        add_line(document, f"〔待填：{asked.local}〕", indent=0.7, size=9, keep=True)
    if asked.place and not question.options:
        add_line(document, "〔待填：上线前列出本地名称作为选项；不列就由受访者填写〕", indent=0.7, size=9, keep=True)
    if question.items:
        _add_grid(document, question)
    elif question.options:
        _add_options(document, question)
    else:
        add_line(document, "＿" * 14, indent=0.7)


def _add_options(document: Any, question: Question) -> None:
    """Short options in one line, others in columns of equal width."""
    box = _BOX.get(question.type, "○")
    texts = [f"{box} {option.text}{'＿＿＿＿' if option.fill_in else ''}" for option in question.options]
    if sum(len(text) + 2 for text in texts) <= _SHORT:
        add_line(document, "　　".join(texts), indent=0.7)
        return
    longest = max(len(text) for text in texts)
    n_columns = 1 if longest > 18 or len(texts) < 4 else 3 if longest <= 12 else 2
    table = document.add_table(rows=-(-len(texts) // n_columns), cols=n_columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, text in enumerate(texts):
        cell = table.cell(place // n_columns, place % n_columns)
        cell.width = Cm((_WIDTH - 1.4) / n_columns)
        write(cell.paragraphs[0], text)
    _keep_together(table)


def _add_grid(document: Any, question: Question) -> None:
    table = document.add_table(rows=len(question.items) + 1, cols=len(question.options) + 1, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    widths = [5.6, *[2.1] * len(question.options)]
    for row, first in enumerate(["", *(item.text for item in question.items)]):
        cells = [first, *(option.text if row == 0 else "○" for option in question.options)]
        for place, (text, width) in enumerate(zip(cells, widths, strict=True)):
            cell = table.cell(row, place)
            cell.width = Cm(width)
            write(cell.paragraphs[0], text, size=9.5)
            if place:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _keep_together(table)


def _keep_together(table: Any) -> None:
    """A question is not torn apart by the end of a page."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
