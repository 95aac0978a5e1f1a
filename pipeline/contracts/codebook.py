"""Codebooks: the accepted codes of one list, their labels and spellings, what means missing, what is known junk."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA, Study

_REPEATED = re.compile(r"(.)\1+")
_IGNORED = re.compile(r"[\s\"'“”‘’()（）\[\]【】〔〕《》·、,，.。:：;；_\-—–]+")


def normal(text: str) -> str:
    """A spelling reduced for matching only (never stored): width, case, spaces, quotes and punctuation do not count.

    >>> normal(" 建外ＳＯＨＯ（18号楼）") == normal("建外soho 18号楼")
    True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def spelled(text: str) -> str:
    """How a spelling is looked up: `normal`, or for a bare sign (`-`, `——`), of which nothing would be left, the sign.

    >>> spelled("√"), spelled(" － "), spelled("——")
    ('√', '-', '—')
    """
    return normal(text) or _REPEATED.sub(r"\1", "".join(unicodedata.normalize("NFKC", text).split()))


@dataclass(frozen=True)
class Code:
    """One accepted code."""

    code: str
    label_zh: str
    label_en: str
    family: str | None = None
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """One list of codes.

    `missing` are spellings that mean "not said"; `junk` are values known to be rubbish. Anything that is in none of
    the three boxes is news: `lookup()` does not know it.
    """

    name: str
    label_zh: str
    label_en: str
    codes: tuple[Code, ...]
    missing: tuple[str, ...] = ()
    junk: tuple[str, ...] = ()
    _by_spelling: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def spellings(self) -> dict[str, str]:
        """Every accepted spelling, normalised, with its code: the code itself, both labels, and all spellings."""
        if not self._by_spelling:
            for code in self.codes:
                for text in (code.code, code.label_zh, code.label_en, *code.spellings):
                    self._by_spelling.setdefault(spelled(text), code.code)
        return self._by_spelling

    def lookup(self, text: str) -> str | None:
        """The code of a spelling, or None when it is not known."""
        return self.spellings().get(spelled(text))

    def is_missing(self, text: str) -> bool:
        """Whether a value means "not said"."""
        return text.strip() == "" or spelled(text) in {spelled(value) for value in self.missing}

    def is_junk(self, text: str) -> bool:
        """Whether a value is known rubbish: it is never accepted, and nobody needs to be asked what it means."""
        return spelled(text) in {spelled(value) for value in self.junk}

    def label(self, code: str, lang: str = "zh") -> str:
        """The label of a code; the code itself when it is not in the list."""
        for known in self.codes:
            if known.code == code:
                return known.label_zh if lang == "zh" else known.label_en
        return code


def load_codebooks(study: Study | None = None) -> dict[str, Codebook]:
    """All codebooks by name: those true everywhere, then those of the place, which replace codes of the same name
    and add new ones, then the place's reviewed spellings. Raises exit 11 naming every mistake of a file."""
    from pipeline.contracts import spellings

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
    for block in reader.get(table, "code", list, ""):
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
