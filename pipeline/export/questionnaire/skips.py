"""Who answers which question, in words, from the conditions of the questions."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contracts import Question


def skip_of(question: Question, questions: Sequence[Question]) -> str:
    """The condition of a question in words; '' for one that everybody answers. Said by whichever options are fewer.

    >>> from pipeline.contracts import Option
    >>> first = Question("a", 1, "single", "去过吗", options=(Option("1", "去过"), Option("2", "没去过"), Option("3", "忘了")))
    >>> skip_of(Question("b", 2, "single", "好吗", shown_if={"a": ("1",)}), [first])
    '第1题选“去过”的才答'
    >>> skip_of(Question("b", 2, "single", "好吗", shown_if={"a": ("1", "3")}), [first])
    '第1题选“没去过”的不用答'
    """
    said = []
    for other, codes in question.shown_if.items():
        asked = next(found for found in questions if found.code == other)
        inside = [option.text for option in asked.options if option.code in codes]
        outside = [option.text for option in asked.options if option.code not in codes]
        fewer, ending = (outside, "不用答") if len(outside) < len(inside) else (inside, "才答")
        said.append(f"第{asked.number}题选{'或'.join(f'“{text}”' for text in fewer)}的{ending}")
    return "，".join(said)
