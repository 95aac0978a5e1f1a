"""Reviewed spellings of a place: `[[spelling]]` blocks in place/spellings.toml, laid over the codebooks.

A block says of one text in one code list which code it stands for, or that it means "not said" (`meaning = "missing"`), or
that it is known rubbish (`meaning = "junk"`: its rows go back all the same, but nobody is asked again).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.contracts.codebook import Codebook, spelled
from pipeline.contracts.study_file import load_place_tables
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study

MEANINGS = ("missing", "junk")
SPELLING_COLUMNS: dict[str, Any] = {
    "list_code": str, "text": str, "code": (str, type(None)), "meaning": (str, type(None)), "reviewer": str,
    "reviewed_on": date,
}  # fmt: skip


def spellings(study: Study) -> list[dict[str, Any]]:
    """The `[[spelling]]` blocks of a study. Raises exit 11 with every mistake in the form of a file."""
    return load_place_tables(study, "spelling", SPELLING_COLUMNS)


def laid_over(books: dict[str, Codebook], blocks: list[dict[str, Any]]) -> dict[str, Codebook]:
    """The codebooks with reviewed spellings added. The input is not changed.

    Raises exit 11 with every block that names no list or code, and every one that contradicts the codebook or another
    block: what a codebook knows is changed there, not overruled from aside.

    >>> from pipeline.contracts.codebook import Code
    >>> book = Codebook("services", "服务", "Services", (Code("water", "饮水", "Water"),))
    >>> block = {"list_code": "services", "text": "喝 水", "code": "water", "meaning": None}
    >>> laid_over({"services": book}, [block])["services"].lookup("喝水")
    'water'
    """
    problems: list[Problem] = []
    decided: dict[tuple[str, str], dict[str, Any]] = {}
    for block in blocks:
        fault = _fault(block, books.get(block["list_code"]))
        if fault is None:
            first = decided.setdefault((block["list_code"], spelled(block["text"])), block)
            if decision(first) != decision(block):
                fault = _contradiction(block, f"{decision(first)}（{_where(first)}）", decision(block))
        problems += [] if fault is None else [fault]
    if problems:
        fail(CONTRACT, *problems)
    made = dict(books)
    for (name, _), block in decided.items():
        made[name] = _with(made[name], block)
    return made


def decision(block: dict[str, Any]) -> str:
    """What a block decides, as written into it."""
    return f'code = "{block["code"]}"' if block.get("code") else f'meaning = "{block.get("meaning")}"'


def known_as(book: Codebook, text: str) -> str | None:
    """What a codebook itself says of a text, in the words of `decision`; None when it does not know it."""
    code = book.lookup(text)
    if code is not None:
        return decision({"code": code})
    if book.is_missing(text):
        return decision({"meaning": "missing"})
    return decision({"meaning": "junk"}) if book.is_junk(text) else None


def _with(book: Codebook, block: dict[str, Any]) -> Codebook:
    text = block["text"]
    if block.get("code"):
        codes = [
            replace(code, spellings=(*code.spellings, text)) if code.code == block["code"] else code
            for code in book.codes
        ]
        return replace(book, codes=tuple(codes), _by_spelling={})
    name = block["meaning"]
    return replace(book, **{name: (*getattr(book, name), text)}, _by_spelling={})


def _fault(block: dict[str, Any], book: Codebook | None) -> Problem | None:
    code, meaning = block.get("code"), block.get("meaning")
    if book is None:
        return _invalid(block, "没有这个代码表", "there is no such code list", block["list_code"], "services …")
    if not (block["text"] or "").strip():
        return _invalid(block, "text 不能为空", "text is empty", "", 'text = "…"')
    if (code is None) == (meaning is None):
        return _invalid(block, "code 与 meaning 要写一个，只写一个", "write one of code and meaning", "", 'code = "…"')
    if meaning is not None and meaning not in MEANINGS:
        return _invalid(block, "meaning 取值不认识", "meaning is not known", meaning, " / ".join(MEANINGS))
    if code is not None and code not in {known.code for known in book.codes}:
        known = " ".join(one.code for one in book.codes)
        return _invalid(block, "代码不在代码表中", "the code is not in the list", code, known)
    known = known_as(book, block["text"])
    return None if known in (None, decision(block)) else _contradiction(block, known, decision(block))


def _where(block: dict[str, Any]) -> str:
    path = block.get("_path")
    return f"{path.name if path else 'spellings.toml'} [[spelling]] {block.get('_number', '?')}"


def _invalid(block: dict[str, Any], zh: str, en: str, got: str, expected: str) -> Problem:
    return Problem(
        "contract_invalid", _where(block), zh, en, got, expected, "请修改该 TOML 文件", "mend this TOML file"
    )


def _contradiction(block: dict[str, Any], known: str, told: str) -> Problem:
    return Problem(
        "spelling_contradicts", f"{_where(block)} {block['list_code']}「{block['text']}」",
        "这个写法已有另一种含义", "this spelling means something else already", got=told, expected=known,
        do_zh="请删去其中一处；要改代码表本身，请改代码表文件", do_en="delete one of the two; to change the codebook, edit its own file",
    )  # fmt: skip
