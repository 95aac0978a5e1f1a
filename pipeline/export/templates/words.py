"""What a blank sheet says of a column: on entering a cell, in the comment of a heading, in the sheet 填写说明."""

from __future__ import annotations

from pipeline.contracts.forms import form_facts
from pipeline.export.dropdowns import Hint
from pipeline.export.templates.layout import FormColumn

_FEW = 25  # choices that are named one by one


def hint_of(column: FormColumn, lang: str) -> Hint:
    """What the cells of a column say."""
    facts = form_facts()
    kind = facts.kinds[column.kind]
    said = [duty(column, lang), column.meaning, kind[lang], *([between(column, lang)] if column.has_range else [])]
    refusal = kind.get(f"refusal_{lang}", "")
    if column.has_range and refusal:
        refusal = f"{refusal}（{between(column, lang)}）" if lang == "zh" else f"{refusal} ({between(column, lang)})"
    examples = _examples(column, lang)
    return Hint(column.heading, _joined(said, lang) + (f"\n{examples}" if examples else ""), refusal, column.strict)


def note_of(column: FormColumn, lang: str) -> str:
    """The comment of a heading: only where something must be known before it is filled in."""
    if not (column.must_fill or is_own(column)):
        return ""
    return _joined([duty(column, lang), column.meaning, treatment(column, lang)], lang)


def duty(column: FormColumn, lang: str) -> str:
    """Whether a column must be filled in."""
    return form_facts().word("must" if column.must_fill else "own" if is_own(column) else "optional", lang)


def is_own(column: FormColumn) -> bool:
    """Whether a column is for the unit's own use: what stands in it goes, or is replaced, on reading."""
    return column.personal in ("drop", "pseudonym")


def treatment(column: FormColumn, lang: str) -> str:
    """What becomes of a personal column on reading."""
    return form_facts().word(column.personal, lang) if column.personal else ""


def meaning(column: FormColumn, lang: str) -> str:
    """What to fill in, in one sentence."""
    return _joined([column.meaning, form_facts().kinds[column.kind][lang], treatment(column, lang)], lang)


def values(column: FormColumn, lang: str, labels: dict[str, str]) -> str:
    """What may stand in a column: its choices (with `labels` in another language), its bounds, examples."""
    facts = form_facts()
    if column.offered and len(column.choices) > _FEW:
        return facts.word("choose", lang).format(n=len(column.choices))
    if column.choices:
        return "、".join(f"{choice}（{labels[choice]}）" if choice in labels else choice for choice in column.choices)
    parts = [between(column, lang)] if column.has_range else []
    return "\n".join([*parts, *filter(None, [_examples(column, lang)])])


def between(column: FormColumn, lang: str) -> str:
    """The bounds of a column in words."""
    return form_facts().word("between", lang).format(
        min="—" if column.minimum is None else f"{column.minimum:g}", max="—" if column.maximum is None else f"{column.maximum:g}"
    )  # fmt: skip


def _examples(column: FormColumn, lang: str) -> str:
    found = form_facts().kinds[column.kind].get("examples", [])
    return form_facts().word("for_example", lang) + " | ".join(found) if found else ""


def _joined(parts: list[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)
