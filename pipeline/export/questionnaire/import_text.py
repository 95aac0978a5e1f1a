"""The questionnaire as the text that Wenjuanxing (问卷星) takes under 批量添加题目 (导入文本).

The rules followed are those of the platform's own batch editor: the kind of a question in brackets behind its stem, a line
per option, a blank line between questions; the columns of a matrix in its first line with blanks between them, then a line
per row; `____` behind an option opens a field to write in. A file that begins with a line without a number is read
strictly: only blank lines divide questions.
"""

from __future__ import annotations

from pipeline.contracts import Question
from pipeline.export.questionnaire.form import Form

KINDS = {
    "single": "[单选题]", "multiple": "[多选题]", "scale": "[量表题]", "matrix": "[矩阵单选题]", "number": "[填空题]",
    "text": "[填空题]",
}  # fmt: skip
TO_WRITE = "____"


def import_text(form: Form) -> str:
    """The text to paste: the consent text as a note (段落说明), then every question."""
    first, *more = form.consent
    blocks = ["\n".join([f"{first}[段落说明]", *more]), *map(question_text, form.questions)]
    return "\n\n".join(blocks) + "\n"


def question_text(question: Question) -> str:
    """One question as its lines.

    >>> from pipeline.contracts import Option
    >>> print(question_text(Question("a", 3, "single", "去过吗", options=(Option("1", "去过"), Option("2", "其他", fill_in=True)))))
    3、去过吗[单选题]
    去过
    其他____
    """
    texts = [option.text + (TO_WRITE if option.fill_in else "") for option in question.options]
    below = [" ".join(texts), *(item.text for item in question.items)] if question.items else texts
    return "\n".join([f"{question.number}、{question.text_zh}{KINDS[question.type]}", *below])
