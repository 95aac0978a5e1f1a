"""How long the questionnaire takes, by the rule of metadata/questionnaire.toml: reading, then answering, every question."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.contracts import Question
from pipeline.contracts.questionnaire import Bank, Timing

_SCREEN = 25  # options that one reads; further down a list one looks for the name one knows


def minutes(bank: Bank, questions: Sequence[Question]) -> float:
    """Minutes for the consent text and every question, nothing skipped: nobody needs longer by this rule."""
    read = sum(len(line) for line in bank.consent) / bank.timing.characters_per_second
    return (read + sum(seconds(question, bank.timing) for question in questions)) / 60


def seconds(question: Question, timing: Timing) -> float:
    """Seconds for one question. Of a list of names (a station, a grid cell) only as many are read as fit on a screen.

    >>> seconds(Question("q", 1, "single", "十个字的题目在这里了吗"), Timing(11.0, 5.0, {"single": 2.0}))
    3.0
    """
    texts = [
        question.text_zh,
        *(item.text for item in question.items),
        *(option.text for option in question.options[:_SCREEN]),
    ]
    read = sum(len(text) for text in texts) / timing.characters_per_second
    answer = timing.seconds["row"] * len(question.items) if question.items else timing.seconds[question.type]
    return read + answer
