"""Codebooks and the words for reasons, read from TOML and checked: every mistake of a file is told at once."""

from __future__ import annotations

from pathlib import Path

from pipeline.contracts import spellings
from pipeline.contracts.codebook import Code, Codebook, spelled
from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA, Study


def load_codebooks(study: Study | None = None) -> dict[str, Codebook]:
    """All codebooks by name: those true everywhere, then those of the place, which replace codes of the same name
    and add new ones, then the place's reviewed spellings. Raises exit 11 naming every mistake of a file."""
    books: dict[str, Codebook] = {}
    for folder in [METADATA / "codebooks", *([study.place / "codebooks"] if study else [])]:
        for path in sorted(folder.glob("*.toml")):
            book = _read(path)
            books[book.name] = _merge(books[book.name], book) if book.name in books else book
    return spellings.laid_over(books, spellings.spellings(study)) if study else books


def load_reasons(study: Study | None = None) -> dict[str, tuple[str, str]]:
    """Reason code → (zh, en): the words for what happened to a row."""
    path = METADATA / "reasons.toml"
    reader = Reader(path)
    reasons: dict[str, tuple[str, str]] = {}
    for block in load_toml(path).get("reason", []):
        code = reader.get(block, "code", str, "[[reason]]")
        if code in reasons:
            reader.note(f"[[reason]] {code}", "代码重复", "the code stands twice", got=code)
        reasons[code] = (
            reader.get(block, "label_zh", str, f"[[reason]] {code}"),
            reader.get(block, "label_en", str, f"[[reason]] {code}"),
        )
    reader.finish()
    return reasons


def _read(path: Path) -> Codebook:
    table = load_toml(path)
    reader = Reader(path)
    reader.known(table, ("name", "label_zh", "label_en", "missing", "junk", "code"), "")
    codes, owner = [], {}
    for block in reader.blocks(table, "code"):
        where = f"[[code]] {block.get('code', '?')}"
        reader.known(block, ("code", "label_zh", "label_en", "family", "spellings"), where)
        code = Code(
            code=reader.get(block, "code", str, where),
            label_zh=reader.get(block, "label_zh", str, where),
            label_en=reader.get(block, "label_en", str, where),
            family=reader.get(block, "family", str, where, None),
            spellings=tuple(reader.get(block, "spellings", list, where, [])),
        )
        codes.append(code)
        for text in {spelled(t) for t in (code.code, code.label_zh, code.label_en, *code.spellings) if t}:
            if owner.setdefault(text, code.code) != code.code:
                reader.note(
                    where,
                    "同一写法属于两个代码",
                    "one spelling stands for two codes",
                    got=f"{owner[text]}, {code.code}",
                )
    book = Codebook(
        name=reader.get(table, "name", str, ""),
        label_zh=reader.get(table, "label_zh", str, ""),
        label_en=reader.get(table, "label_en", str, ""),
        codes=tuple(codes),
        missing=tuple(reader.get(table, "missing", list, "", [])),
        junk=tuple(reader.get(table, "junk", list, "", [])),
    )
    reader.finish()
    return book


def _merge(base: Codebook, local: Codebook) -> Codebook:
    codes = {code.code: code for code in base.codes} | {code.code: code for code in local.codes}
    return Codebook(
        name=base.name,
        label_zh=local.label_zh,
        label_en=local.label_en,
        codes=tuple(codes.values()),
        missing=tuple(dict.fromkeys((*base.missing, *local.missing))),
        junk=tuple(dict.fromkeys((*base.junk, *local.junk))),
    )
