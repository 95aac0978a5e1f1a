"""What a study leaves for a person to decide: unknown spellings, places that might be meant, places that look alike, and
corrections to accept. What was decided once is not asked again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from pipeline.clean.fates import together
from pipeline.clean.places.candidates import apart_of, candidates, known_texts, other_kinds
from pipeline.clean.places.known_places import KINDS
from pipeline.clean.places.proposals import PROPOSALS
from pipeline.clean.places.similar_places import similar_places
from pipeline.clean.places.unknown_values import UNKNOWN
from pipeline.contracts import Codebook
from pipeline.contracts.codebook import spelled
from pipeline.contracts.matching import matching
from pipeline.privacy import MASK


@dataclass(frozen=True)
class Decided:
    """What people have decided so far: reviewed aliases, what is no alias, corrections declined; and the code lists with
    their reviewed spellings."""

    codebooks: dict[str, Codebook]
    aliases: list[dict[str, Any]] = field(default_factory=list)
    not_aliases: list[dict[str, Any]] = field(default_factory=list)
    declined: list[dict[str, Any]] = field(default_factory=list)


def open_questions(
    tables: dict[str, pl.DataFrame], unknown: list[pl.DataFrame], proposals: list[pl.DataFrame], decided: Decided
) -> dict[str, pl.DataFrame]:
    """The audit tables a review workbook is made from. `tables` are the clean and audit tables made so far (the registers,
    audit.source_files); they are only read: nothing is merged or repaired."""
    texts = together(unknown, UNKNOWN)
    known, apart = known_texts(tables, decided.aliases), apart_of(decided.not_aliases)
    asked = texts.with_columns(other_kinds(texts, known))
    found = candidates(asked, known, apart)
    order = ["list_code", "area_code", "value_text", "source_file_id", "source_sheet", "source_row", "column_name"]
    return {
        "audit.unknown_values": asked.with_columns(_is_open(asked, found, decided)).drop("lon", "lat").sort(order),
        "audit.candidates": found,
        "audit.similar_places": similar_places(known, apart),
        "audit.proposed_corrections": _proposed(together(proposals, PROPOSALS), tables["audit.source_files"], decided),
    }


def _is_open(asked: pl.DataFrame, found: pl.DataFrame, decided: Decided) -> pl.Series:
    """Whether a text is still to be decided. A masked text cannot be: it is not what the file says."""
    proposed = set(found.select("list_code", "area_code", "value_text").iter_rows())
    looked_at = {(block["kind"], block["area_code"], spelled(block["alias"])) for block in decided.not_aliases}
    answers = []
    for code, area, text in asked.select("list_code", "area_code", "value_text").iter_rows():
        if MASK in text or len(text) > matching().longest_text:
            answers.append(False)
        elif code in KINDS:
            answers.append((code, area, text) in proposed or (code, area, spelled(text)) not in looked_at)
        else:
            book = decided.codebooks[code]
            answers.append(not (book.is_junk(text) or book.is_missing(text)))
    return pl.Series("is_open", answers, dtype=pl.Boolean)


def _proposed(proposals: pl.DataFrame, files: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    """The proposals without those a person has declined."""
    paths = proposals.join(
        files.select("source_file_id", "path"), on="source_file_id", how="left", maintain_order="left"
    )
    at = ("file", "sheet", "row", "column", "expect", "value")
    gone = {tuple(block[name] for name in at) for block in decided.declined}
    cells = paths.select("path", "source_sheet", "source_row", "column_name", "old_text", "new_text").iter_rows()
    return proposals.filter(pl.Series([cell not in gone for cell in cells], dtype=pl.Boolean))
