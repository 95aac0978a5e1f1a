"""`codebook draft`: files in, the draft out — to a file or the terminal — and what is worth telling beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.contracts import load_codebooks, load_wave
from pipeline.contracts.drafting import drafting_rules
from pipeline.drafting.draft import Draft, draft_wave
from pipeline.drafting.opened import open_sources
from pipeline.drafting.write import toml_of
from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study


@dataclass(frozen=True)
class Asked:
    """What the command was given besides the exports: forms, the platform, an earlier wave, where to write, the study."""

    forms: Sequence[Path] = ()
    platform: str | None = None
    against: Path | None = None
    out: Path | None = None
    study: Study | None = None


def draft_files(paths: Sequence[Path], asked: Asked) -> tuple[str, Draft]:
    """Draft from files; write the text to `asked.out` where one is given, and return it with the draft.

    Raises exit 10 for files that cannot be read or a draft that already exists (decisions in it would be lost), exit 11
    for exports that are no pair and a broken earlier wave.
    """
    if asked.out is not None and asked.out.exists():
        fail(
            FILE,
            Problem("draft_exists", str(asked.out), "这个文件已经存在，不覆盖", "the file exists and is not overwritten",
                    do_zh="请换一个文件名，或先把旧文件移走", do_en="give another name, or move the old file away"),
        )  # fmt: skip
    earlier = load_wave(asked.against) if asked.against else None
    sources = open_sources(paths, asked.forms, asked.platform)
    draft = draft_wave(sources, load_codebooks(asked.study), earlier, drafting_rules())
    text = toml_of(draft)
    if asked.out is not None:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_bytes(text.encode("utf-8"))
    return text, draft


def summary(draft: Draft, lang: str = "zh") -> list[str]:
    """What to say on the terminal: how many questions, links to confirm, the comparison and every hint."""
    zh = lang == "zh"
    unsure = sum(not one.is_sure for one in draft.proposals)
    sure = len(draft.proposals) - unsure
    n = len(draft.wave.questions)
    lines = [
        f"{n} 道题；已连接标准变量 {sure} 个（待确认），另有 {unsure} 个写成注释"
        if zh
        else f"{n} questions; {sure} linked to standard variables (to confirm), {unsure} more commented out"
    ]
    if draft.comparison:
        kinds = [match.kind for match in draft.comparison.matches]
        same, renamed, new = (kinds.count(kind) for kind in ("same", "renamed", "new"))
        gone = len(draft.comparison.dropped)
        lines.append(
            f"与 {draft.comparison.wave} 相比：相同 {same}，改了措辞 {renamed}，新题 {new}，删去 {gone}"
            if zh
            else f"against {draft.comparison.wave}: {same} same, {renamed} reworded, {new} new, {gone} dropped"
        )
    return lines + [f"{one.question}  {one.zh if zh else one.en}" for one in draft.lints]
