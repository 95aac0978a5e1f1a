"""How the survey figures of a finding were made and what they assume, in one line that goes with every table."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pipeline.disclose import threshold
from pipeline.findings.finding import Context
from pipeline.findings.words import number, percent, phrases


def method_of(con: duckdb.DuckDBPyConnection, waves: Iterable[str], context: Context) -> tuple[str, str]:
    """Weights, population, effective n, interval and assumptions of these waves, zh and en; empty without waves.

    No margin of sampling error is claimed: nobody drew these people (AAPOR 2016, Guidance on Reporting Precision for
    Nonprobability Samples: precision may be told only with the assumptions it rests on). Of a wave that few answered nothing is told.
    """
    rows = con.execute(
        "select wave_code, weight_set_code, speaks_for, n, population, n_eff, r_indicator, covers_never_visitors from audit.weight_reports "
        "where is_in_use and list_contains(?, wave_code) and list_contains(?, area_code) order by 1",
        [list(waves), list(context.areas)],
    ).fetchall()
    if not rows:
        return "", ""
    return _line(rows, context, "zh"), _line(rows, context, "en")


def _line(rows: list[tuple], context: Context, lang: str) -> str:
    words, parts = phrases()["method"], []
    for wave, weight_set, speaks_for, n, population, n_eff, _, covers in rows:
        case = "few" if n < threshold() else "unweighted" if weight_set == "equal" else "weighted"
        text = str(words[case][lang]).format(
            wave=context.label("waves", wave, lang), weights=context.label("weight_sets", weight_set, lang),
            people=context.label("speaks_for", speaks_for, lang), n=number(n), population=number(population), n_eff=number(n_eff),
            share=percent(n / population) if population else "",
        )  # fmt: skip
        if covers is not None:
            text += str(words["covers" if covers else "covers_not"][lang])
        parts.append(text)
    return _joined(parts, lang) + str(words["assumes"][lang])


def _joined(parts: list[str], lang: str) -> str:
    """Sentences one after the other."""
    return "".join(parts) if lang == "zh" else " ".join(parts) + " "
