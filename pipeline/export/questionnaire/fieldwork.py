"""The fieldwork note: one page for those who put up posters and interview couriers away from the stations."""

from __future__ import annotations

from math import ceil

from docx.shared import Cm

from pipeline.export.questionnaire.form import Form
from pipeline.export.questionnaire.word import HEADING, add_line, add_table, new_document, saved

_WIDTHS = (8.0, 6.0)  # centimetres


def fieldwork_document(form: Form) -> bytes:
    """The Word document of one page."""
    facts = form.bank.fieldwork
    title = f"{form.title}{facts['title']}"
    document = new_document(title, f"{title}　{form.bank.banner}", form.stamp, size=11, margin=1.8, spacing=1.2)
    add_line(document, title, size=16, bold=True, font=HEADING, center=True, after=4)
    add_line(document, facts["lead"], bold=True, after=3)
    add_line(document, facts["table_title"], after=2)
    add_table(document, facts["table"], _WIDTHS, indent=0.3)
    add_line(document, _filled(facts["table_note"], form), before=3)
    for part in facts["part"]:
        add_line(document, part["label"], size=12, bold=True, font=HEADING, before=7, keep=True)
        for line in part["lines"]:
            paragraph = add_line(document, f"·{_filled(line, form)}", indent=0.5)
            paragraph.paragraph_format.first_line_indent = Cm(-0.25)
    return saved(document)


def _filled(text: str, form: Form) -> str:
    return text.format(
        visits=form.number("visits_per_week"), mode=form.number("mode"), minutes=ceil(form.minutes),
        raw_folder=form.bank.raw_folder,
    )  # fmt: skip
