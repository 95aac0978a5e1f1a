"""The table of services of one station: declared, checked, used, and what that means."""

from __future__ import annotations

from html import escape
from typing import Any

import polars as pl

from pipeline import disclose
from pipeline.findings.finding import Context
from pipeline.findings.profiles.words import word
from pipeline.findings.words import labels, number, percent

HEADS = ("service", "declared", "verified", "used", "verdict")
QUIET = ("low_need", "no_evidence")  # verdicts that leave an undeclared, unused service out of the table
REASONS = 3  # named of a verdict
CERTAIN = 0.99  # a chance above this is not told more exactly


def service_table(services: pl.DataFrame, station: str, context: Context) -> str:
    """Every service that is promised, declared, used or judged; the others are named in one line below."""
    quiet = ~pl.col("is_offered").fill_null(False) & ~pl.col("is_promised").fill_null(False)
    quiet &= (pl.col("n_visits").fill_null(0) == 0) & ~pl.col("suppressed_use")
    quiet &= pl.col("verdict_code").is_null() | pl.col("verdict_code").is_in(QUIET)
    shown, rest = services.filter(~quiet), services.filter(quiet)
    head = "".join(f'<th scope="col"{_right(name)}>{word(context, "table", name)}</th>' for name in HEADS)
    body = "\n".join(_row(row, context) for row in shown.iter_rows(named=True))
    names = context.pick(*labels(context, "services", rest["service_code"]))
    more = f'\n<p class="more">{escape(word(context, "table", "rest", services=names))}</p>' if rest.height else ""
    return f"""<div class="scroll" tabindex="0" role="region" aria-label="{escape(station, quote=True)}">
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</div>{more}"""


def _right(name: str) -> str:
    return ' class="r"' if name == "used" else ""


def _row(row: dict[str, Any], context: Context) -> str:
    texts = (_declared(row, context), _checked(row, context), _used(row, context), _verdict(row, context))
    cells = "".join(
        f'<td{_right(name)} data-name="{word(context, "table", name)}">{escape(text)}</td>'
        for name, text in zip(HEADS[1:], texts, strict=True)
    )
    mark = f' class="{row["verdict_code"]}"' if row["verdict_code"] and row["is_evaluable"] else ""
    return f'<tr{mark}><th scope="row">{escape(context.label("services", row["service_code"]))}</th>{cells}</tr>'


def _declared(row: dict[str, Any], context: Context) -> str:
    tick = {True: "yes", False: "no", None: "unsaid"}[row["is_offered"]]
    promised = f"{context.pick('，', ', ')}{word(context, 'table', 'promised')}" if row["is_promised"] else ""
    return word(context, "table", tick) + promised


def _checked(row: dict[str, Any], context: Context) -> str:
    parts = (
        [f"{context.label('check_statuses', row['status_code'])} {row['checked_on'].isoformat()}"]
        if row["status_code"]
        else []
    )
    if row["n_facilities"] and row["n_facilities_working"] is not None:
        parts.append(
            word(
                context, "table", "working", working=number(row["n_facilities_working"]), n=number(row["n_facilities"])
            )
        )
    if not parts:
        return word(context, "table", "never") if row["is_offered"] else "—"
    return "\n".join(parts)


def _used(row: dict[str, Any], context: Context) -> str:
    if row["visits_per_month"] is not None:
        return number(row["visits_per_month"], 0 if row["visits_per_month"] >= 10 or not row["visits_per_month"] else 1)
    return disclose.word("suppressed" if row["suppressed_use"] else "missing", context.lang)


def _verdict(row: dict[str, Any], context: Context) -> str:
    """The verdict, how sure it is, and why."""
    if row["is_evaluable"] is False:
        return disclose.word("not_evaluable", context.lang)
    if row["verdict_code"] is None:
        return disclose.word("missing", context.lang)
    sure = "" if row["probability"] is None else word(context, "table", "about", share=_share(row["probability"]))
    codes = [code for code in (row["reasons"] or "").split(",") if code][:REASONS]
    why = context.pick("、", "; ").join(context.label("verdict_reasons", code) for code in codes)
    return context.label("verdicts", row["verdict_code"]) + sure + (context.pick("：", ": ") + why if why else "")


def _share(probability: float) -> str:
    """A chance; nothing estimated is certain."""
    return percent(probability) if probability < CERTAIN else f">{percent(CERTAIN)}"
