"""Questions of waves that no standard variable is linked to yet, with the likeliest one, as rows of a review workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.contracts import Codebook, Wave, load_variables, load_waves
from pipeline.contracts.drafting import drafting_rules
from pipeline.contracts.linked import link_problems
from pipeline.contracts.review import LINKS, Question
from pipeline.contracts.study_file import no_links
from pipeline.contracts.variables import Variable
from pipeline.drafting.links import Proposal, propose
from pipeline.paths import Study

_UNFIT = "选项与该变量的取值对不上：先在波次文件里给选项写 value"


def named(variable: Variable) -> str:
    """A variable as it is offered: its label and its code.

    >>> named(load_variables()["gender"])
    '性别 gender'
    """
    return f"{variable.label_zh} {variable.code}"


def link_questions(study: Study, books: Mapping[str, Codebook]) -> list[Question]:
    """One row per proposal, in the order of waves and questions; not what was decided before, nor free text, whose link
    changes no number."""
    variables, rules = load_variables(study, books), drafting_rules()
    decided = {(block["wave"], block["question"]) for block in no_links(study)}
    asked = []
    for wave in load_waves(study).values():
        open_ones = [one for one in wave.questions if one.type != "text" and (wave.code, one.code) not in decided]
        asked += [_row(wave, one, variables, books) for one in propose(open_ones, books, rules, _taken(wave))
                  if one.variable in variables]  # fmt: skip
    return asked


def _taken(wave: Wave) -> Iterator[str]:
    return (question.variable for question in wave.questions if question.variable)


def _row(wave: Wave, proposal: Proposal, variables: Mapping[str, Variable], books: Mapping[str, Codebook]) -> Question:
    question = next(one for one in wave.questions if one.code == proposal.question)
    linked = replace(question, variable=proposal.variable)
    unfit = link_problems({wave.code: replace(wave, questions=(linked,))}, variables, books)
    cells = {
        "波次": wave.code, "题目": question.code, "题干": question.text_zh, "题型": question.type,
        "建议变量": named(variables[proposal.variable]), "分数": f"{proposal.score:.2f}", "提示": _UNFIT if unfit else "",
    }  # fmt: skip
    return Question(LINKS, cells, {"wave": wave.code, "question": question.code, "variable": proposal.variable})
