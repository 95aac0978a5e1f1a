"""A method named wrongly is refused: it must not quietly become another one."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.errors import USAGE, Problem, fail


def one_of(parameter: str, got: object, known: Sequence[str]) -> None:
    """Raises exit 2 (`unknown_choice`) where `got` is none of the choices of a parameter.

    >>> one_of("method", "bh", ("bh", "by"))
    """
    if got not in known:
        fail(
            USAGE,
            Problem(
                "unknown_choice", parameter, "没有这种选择", "there is no such choice",
                got=str(got), expected=" ".join(known), do_zh="请从列出的选择中选一个", do_en="choose one of those named",
            ),
        )  # fmt: skip
