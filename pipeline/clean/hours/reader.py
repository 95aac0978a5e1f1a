"""Where the reading of tokens stands, and what has been made of them so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.clean.hours.scan import Token

EVERY_DAY = frozenset(range(1, 8))
HOLIDAY = 8
SEPARATORS = ("open", "close", "comma", "stop", "colon", "and")
TIMES = ("time", "bare", "moment")
SHUT = ("closed", "closed_or_ends", "except")


@dataclass(frozen=True)
class Phrase:
    """`kind` and what it says.

    days: weekdays (8: holidays) · span: Span · season: (SeasonName or None, days of the year or None) · mode: code ·
    closed, excepted: weekdays · closed_part: (weekdays, Part) · break: Span · as_usual: weekdays · rest, rest_of_year ·
    rest_mode: code · separators
    """

    kind: str
    value: Any = None


@dataclass
class Reader:
    """Reads tokens from the left; `made` are the phrases so far."""

    tokens: list[Token]
    at: int = 0
    made: list[Phrase] = field(default_factory=list)

    def token(self, ahead: int = 0) -> Token:
        """A token from here on, not taken; of no kind behind the last."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else Token("")

    def kind(self, ahead: int = 0) -> str:
        return self.token(ahead).kind

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *kinds: str) -> bool:
        """Step over the next token if it is one of these."""
        if self.kind() in kinds:
            self.at += 1
            return True
        return False

    def add(self, kind: str, value: Any = None) -> None:
        self.made.append(Phrase(kind, value))
