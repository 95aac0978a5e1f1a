"""A decision about a spelling: the code it stands for, not said, or rubbish."""

from __future__ import annotations

from pipeline.contracts.review import JUNK, MISSING, Row
from pipeline.contracts.spellings import decision, known_as
from pipeline.review.answer import Answer, conflict, unknown
from pipeline.review.known import Known

_MEANINGS = {MISSING: "missing", JUNK: "junk"}


def read(row: Row, known: Known) -> Answer:
    """A `[[spelling]]` block. The decision may be a code, its label, or any spelling of it."""
    name, text = row.mark.get("list"), row.cells["写法"]
    book = known.codebooks.get(name)
    if book is None or not text:
        return Answer(
            problem=unknown(row, "没有这个代码表或写法", "no such code list or text", str(name), "services …")
        )
    meaning = _MEANINGS.get(row.decision)
    code = None if meaning else book.lookup(row.decision)
    if code is None and meaning is None:
        expected = " / ".join([*(one.label_zh for one in book.codes), *_MEANINGS])
        return Answer(
            problem=unknown(row, "决定不在代码表中", "the decision is not in the code list", row.decision, expected)
        )
    block = {"list_code": name, "text": text, "code": code, "meaning": meaning}
    now = known_as(book, text)
    if now is not None and now != decision(block):
        return Answer(problem=conflict(row, f"代码表 {name}", now))
    return Answer("spelling", block, is_known=now is not None)
