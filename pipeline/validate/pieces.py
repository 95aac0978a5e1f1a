"""Small pieces of the validation page: words in two languages, figures, tables."""

from __future__ import annotations

from html import escape

QUALIFIER = {"eq": "", "gt": "＞ ", "lt": "＜ ", "approx": "约 ≈ "}


def as_table(heads: list[tuple[str, str]], rows: list[list[str]], first_number: int | None = None) -> str:
    """Rows of finished cells under bilingual headings; columns from `first_number` on are set as figures."""
    if not rows:
        return f"<p>{two(('没有', 'none'))}</p>"

    def css(index: int) -> str:
        return ' class="n"' if first_number is not None and index >= first_number else ""

    head = "".join(f"<th{css(i)}>{two(name)}</th>" for i, name in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f'<td{css(i)} data-label="{heads[i][0]}"><span>{cell}</span></td>' for i, cell in enumerate(row))
        + "</tr>"
        for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def two(words: tuple[str, str]) -> str:
    """Words in Chinese and English, escaped.

    >>> two(("没有", "none"))
    '没有 <span class="en" lang="en">none</span>'
    """
    return f'{escape(words[0])} <span class="en" lang="en">{escape(words[1])}</span>'


def number(value: float | None) -> str:
    """A figure for people.

    >>> number(1200.0), number(0.25), number(None)
    ('1,200', '0.2', '—')
    """
    if value is None:
        return "—"
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"
