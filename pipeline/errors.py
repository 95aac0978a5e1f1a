"""A user's mistake, said so that it can be mended: what, where, got / expected, what to do.

A `PipelineError` carries every problem found (all problems of a file at once) and the exit code of its kind.
Anything else that is raised is a bug of ours and keeps its traceback. No problem ever holds a personal value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

USAGE = 2
SETUP = 3
FILE = 10
CONTRACT = 11
CRITICAL_RULE = 12
DISCLOSURE = 13
LOCKED = 14
INTERRUPTED = 130


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    `code` names the kind (docs/errors.md), `where` the file, sheet, row or column, `zh` / `en` what is wrong,
    `got` / `expected` the two sides where there are two, `do_zh` / `do_en` what to do next.

    >>> print(Problem("file_missing", "raw/a.xlsx", "文件不存在", "the file does not exist",
    ...               do_zh="请检查文件名", do_en="check the name").text("zh"))
    文件不存在：raw/a.xlsx
      怎么办：请检查文件名
    """

    code: str
    where: str
    zh: str
    en: str
    got: str = ""
    expected: str = ""
    do_zh: str = ""
    do_en: str = ""

    def text(self, lang: str = "zh") -> str:
        """The problem in one language, as printed on the terminal."""
        zh = lang == "zh"
        lines = [f"{self.zh}：{self.where}" if zh else f"{self.en}: {self.where}"]
        if self.got:
            lines.append(f"  实际：{self.got}" if zh else f"  got: {self.got}")
        if self.expected:
            lines.append(f"  应为：{self.expected}" if zh else f"  expected: {self.expected}")
        do = self.do_zh if zh else self.do_en
        if do:
            lines.append(f"  怎么办：{do}" if zh else f"  what to do: {do}")
        return "\n".join(lines)


class PipelineError(Exception):
    """One or more problems that end the run with an exit code (DESIGN: the command line)."""

    def __init__(self, exit_code: int, problems: list[Problem]) -> None:
        self.exit_code = exit_code
        self.problems = list(problems)
        super().__init__("\n".join(problem.text("en") for problem in self.problems))


def fail(exit_code: int, *problems: Problem) -> NoReturn:
    """Stop the run with these problems."""
    raise PipelineError(exit_code, list(problems))
