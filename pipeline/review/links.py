"""A decision about a question of a wave: the standard variable it measures, or that it measures none."""

from __future__ import annotations

from dataclasses import replace

from pipeline.contracts.linked import link_problems
from pipeline.contracts.review import ACCEPT, NO_VARIABLE, Row
from pipeline.review.answer import Answer, conflict, unknown
from pipeline.review.known import Known


def read(row: Row, known: Known) -> Answer:
    """A link to be written into the wave file, or a `[[no_link]]` block. A wave or question that is not there any more has
    nothing to link."""
    about = row.mark or {}
    wave = known.waves.get(str(about.get("wave")))
    question = next((one for one in wave.questions if one.code == about.get("question")), None) if wave else None
    if wave is None or question is None:
        return Answer("link", is_gone=True)
    at = {"wave": wave.code, "question": question.code}
    if row.decision == NO_VARIABLE:
        if question.variable is not None:
            return Answer(problem=conflict(row, f"{wave.code} {question.code}", question.variable))
        said = {**at, "variable": str(about.get("variable", ""))}
        return Answer("no_link", said, is_known=(wave.code, question.code) in known.unlinked)
    variable = _variable(row, known)
    if variable is None:
        expected = " / ".join(
            [ACCEPT, NO_VARIABLE, *(f"{one.label_zh} {one.code}" for one in known.variables.values())]
        )
        return Answer(problem=unknown(row, "没有这个标准变量", "no such standard variable", row.decision, expected))
    if question.variable is not None and question.variable != variable:
        return Answer(problem=conflict(row, f"{wave.code} {question.code}", question.variable))
    if (wave.code, question.code) in known.unlinked:
        return Answer(problem=conflict(row, "place [[no_link]]", NO_VARIABLE))
    linked = replace(question, variable=variable)
    others = tuple(linked if one is question else one for one in wave.questions)
    faults = link_problems({wave.code: replace(wave, questions=others)}, known.variables, known.codebooks)
    if faults:
        return Answer(
            problem=unknown(
                row, f"连不上：{faults[0].zh}", f"cannot be linked: {faults[0].en}", faults[0].got, faults[0].expected
            )
        )
    return Answer("link", {**at, "variable": variable}, is_known=question.variable == variable)


def _variable(row: Row, known: Known) -> str | None:
    """The variable that a decision names: the one proposed, or one by code, by label, or by both."""
    said = str((row.mark or {}).get("variable")) if row.decision == ACCEPT else row.decision
    for code, variable in known.variables.items():
        if said in (code, variable.label_zh, f"{variable.label_zh} {code}"):
            return code
    return None
