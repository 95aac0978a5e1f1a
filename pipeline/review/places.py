"""A decision about a place: which one a text means, or that it means none of those proposed; that two places are two."""

from __future__ import annotations

from pipeline.contracts.codebook import spelled
from pipeline.contracts.review import CANDIDATES, KINDS, OTHER_PLACE, Row
from pipeline.review.answer import Answer, conflict, unknown
from pipeline.review.known import Known

_REASON = "在审核工作簿中选定"


def read(row: Row, known: Known) -> Answer:
    """An `[[alias]]` block, or a `[[not_alias]]` block for the candidates that were shown."""
    fault = _fault(row, known)
    if fault is not None:
        return fault
    kind, area, text = row.mark["kind"], row.mark["area"], row.cells["写法"]
    at = (kind, area, spelled(text))
    if row.decision == OTHER_PLACE:
        return _apart(row, known, text, [str(code) for code in row.mark["codes"]])
    named = _codes(row, known)
    if len(named) != 1:
        zh = "名录中没有这个编号" if not named else "名录中有几处叫这个名字，请填编号"
        en = "the register has no such code" if not named else "several places carry this name: write the code"
        return Answer(problem=unknown(row, zh, en, row.decision, _expected(row, named, known)))
    (code,) = named
    means = known.named((kind, area), text)
    if len(means) == 1 and means != [code]:
        return Answer(problem=conflict(row, "名录", f"{means[0]} {known.places[kind, area][means[0]]}"))
    if known.aliases.get(at, code) != code:
        return Answer(problem=conflict(row, "place [[alias]]", known.aliases[at]))
    if code in known.apart.get(at, set()):
        return Answer(problem=conflict(row, "place [[not_alias]]", OTHER_PLACE))
    block = {"kind": kind, "area_code": area, "alias": text, "local_code": code, "reason": _REASON}
    return Answer("alias", block, is_known=at in known.aliases or means == [code])


def read_similar(row: Row, known: Known) -> Answer:
    """A `[[not_alias]]` block: the place of one code is not that of the other."""
    fault = _fault(row, known)
    if fault is not None:
        return fault
    if row.decision != OTHER_PLACE or len(row.mark["codes"]) != 2:
        return Answer(problem=unknown(row, "决定不认识", "the decision is not known", row.decision, OTHER_PLACE))
    one, other = (str(code) for code in row.mark["codes"])
    return _apart(row, known, other, [one])


def _apart(row: Row, known: Known, text: str, codes: list[str]) -> Answer:
    kind, area = row.mark["kind"], row.mark["area"]
    at = (kind, area, spelled(text))
    if known.aliases.get(at) in codes:
        return Answer(problem=conflict(row, "place [[alias]]", known.aliases[at]))
    block = {"kind": kind, "area_code": area, "alias": text, "local_codes": codes}
    return Answer("not_alias", block, is_known=at in known.apart and set(codes) <= known.apart[at])


def _codes(row: Row, known: Known) -> list[str]:
    """The places that the decision names: a candidate as it was offered, else whatever the register knows by it."""
    for name, code in zip(CANDIDATES, row.mark["codes"], strict=False):
        if row.decision in (row.cells.get(name), code):
            return [str(code)]
    return known.named((row.mark["kind"], row.mark["area"]), row.decision)


def _expected(row: Row, named: list[str], known: Known) -> str:
    offered = [row.cells[name] for name in CANDIDATES if row.cells.get(name)]
    of_register = "名录中的编号" if known.places else "名录中的编号（先成功运行一次，才知道名录）"
    return " / ".join(named or [*offered, of_register, OTHER_PLACE])


def _fault(row: Row, known: Known) -> Answer | None:
    kind, area, codes = (row.mark.get(name) for name in ("kind", "area", "codes"))
    if kind in KINDS and area in known.areas and isinstance(codes, list):
        return None
    areas = " ".join(sorted(known.areas))
    return Answer(
        problem=unknown(row, "种类或地区不认识", "the kind or the area is not known", f"{kind} {area}", areas)
    )
