"""Questions linked to standard variables: is the variable known, does it fit the question, does every option fit it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.variables import Variable
from pipeline.contracts.wave import Option, Question, Wave
from pipeline.errors import Problem

_MEND = {"do_zh": "请修改该波次文件", "do_en": "mend this wave file"}
_OWN = {
    "do_zh": "请改成已有的变量，或在 place/variables.toml 里登记自己的变量",
    "do_en": "name one that exists, or declare your own in place/variables.toml",
}


def link_problems(
    waves: Mapping[str, Wave], variables: Mapping[str, Variable], codebooks: Mapping[str, Codebook]
) -> list[Problem]:
    """Everything wrong with the links of all waves, at once: an unknown variable, one linked twice, a type that cannot
    measure it, an option that stands for a value it does not have."""
    return [
        problem
        for wave in waves.values()
        for question in wave.questions
        if question.variable is not None
        for problem in _of_question(wave, question, variables, codebooks)
    ]


def _of_question(
    wave: Wave, question: Question, variables: Mapping[str, Variable], codebooks: Mapping[str, Codebook]
) -> Iterator[Problem]:
    where = f"{wave.path or wave.code} [[question]] {question.code}"
    variable = variables.get(question.variable or "")
    if variable is None:
        yield Problem("contract_invalid", f"{where} variable", "没有这个标准变量", "there is no such standard variable",
                      got=question.variable or "", expected=" ".join(sorted(variables)), **_OWN)  # fmt: skip
        return
    first = wave.question_of(variable.code)
    if first is not None and first.code != question.code:
        yield Problem("contract_invalid", f"{where} variable", "同一变量连了两道题", "two questions are linked to one variable",
                      got=f"{variable.code}: {first.code}, {question.code}", expected=first.code, **_MEND)  # fmt: skip
    if question.type not in variable.types:
        yield Problem("contract_invalid", f"{where} type", "这种题型量不了该变量", "a question of this type cannot measure it",
                      got=f"{variable.code}: {question.type}", expected=" ".join(variable.types), **_MEND)  # fmt: skip
    yield from _of_options(where, question, variable, variable.allowed(codebooks))


def _of_options(where: str, question: Question, variable: Variable, allowed: tuple[str, ...]) -> Iterator[Problem]:
    options = [option for option in question.options if option is not None]
    for option in options:
        if option.value is not None and not _fits(option, variable, allowed):
            yield Problem("contract_invalid", f"{where} {option.code} value", f"取值不属于变量 {variable.code}",
                          f"not a value of the variable {variable.code}", got=str(option.value),
                          expected=" ".join(allowed) or f"{variable.min:g} … {variable.max:g}", **_MEND)  # fmt: skip
    stands = [option for option in options if str(option.code if option.value is None else option.value) in allowed]
    if allowed and options and not stands and all(option.value is None for option in options):
        yield Problem("contract_invalid", f"{where} options", f"没有一个选项对应变量 {variable.code} 的取值",
                      f"no option stands for a value of {variable.code}", got="｜".join(o.code for o in options),
                      expected=" ".join(allowed), **_MEND)  # fmt: skip


def _fits(option: Option, variable: Variable, allowed: tuple[str, ...]) -> bool:
    if allowed:
        return str(option.value) in allowed
    if variable.min is None or variable.max is None:
        return True
    try:
        return variable.min <= float(option.value or 0) <= variable.max
    except ValueError:
        return False
