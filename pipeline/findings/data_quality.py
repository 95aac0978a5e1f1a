"""How far the data can be trusted: rows, answers, rules and published totals."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.contracts.wave import FLAGS
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.words import number, say

FATES = {
    "n_read": ("读入", "read"),
    "n_clean": ("采用", "used"),
    "n_duplicate": ("重复", "duplicate"),
    "n_rejected": ("退回", "returned"),
    "n_set_aside": ("另存", "set aside"),
}
FLAG_WORDS = {
    "speeder": ("答题过快", "speeders"),
    "straightliner": ("直线作答", "straight-liners"),
    "attention_failed": ("注意力题未通过", "attention check failed"),
    "duplicate": ("疑似重复", "suspected duplicates"),
    "contradiction": ("自相矛盾", "contradicting themselves"),
    "machine_timed": ("机器般的时间", "timed like a machine"),
    "burst": ("集中涌入", "came in a burst"),
}
COUNTS = {
    "n_respondents": ("收到", "received"),
    "n_valid": ("有效", "valid"),
    **{f"n_{flag}": FLAG_WORDS[flag] for flag in FLAGS},
    "n_any_flag": ("有任一标记", "with any flag"),
    "n_panel": ("两波都答", "in both waves"),
}
SEVERITIES = {"critical": ("关键", "critical"), "warning": ("警告", "warning"), "info": ("提示", "info")}
QUALIFIERS = {"eq": "", "gt": "> ", "lt": "< ", "approx": "≈ "}  # the same in every language, so that the CSV is
EVERYWHERE = "ALL"  # area of what is counted over all areas together
DISCLOSURE = Disclosure(
    keys=("area_code", "section_code", "item_code"),
    open=("item_zh", "item_en", "value", "published", "note_zh", "note_en"),
    protect=(Protect(n=("people",), values=(), basis="respondents", zeros_open="people"),),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """One line per thing counted: rows by source and fate, answers by flag, rules by severity, totals compared."""
    lines = [*_rows(con, context), *_answers(con, context), *_rules(con), *_totals(con, context)]
    names = ["area_code", "section_code", "item_code", "item_zh", "item_en", "value", "people", "published",
             "note_zh", "note_en"]  # fmt: skip
    types = dict(zip(names, [pl.String] * 5 + [pl.Float64, pl.Int64] + [pl.String] * 3, strict=True))
    return pl.DataFrame([dict(zip(names, line, strict=True)) for line in lines], schema=types)


def _rows(con: duckdb.DuckDBPyConnection, context: Context) -> list[tuple[Any, ...]]:
    found = con.sql(
        f"select source_code, {', '.join(f'sum({name})' for name in FATES)} from mart.row_accounts group by 1 order by 1"
    ).fetchall()
    return [
        (
            EVERYWHERE,
            "rows",
            f"{row[0]}.{fate}",
            f"{context.label('sources', row[0], 'zh')}·{zh}",
            f"{context.label('sources', row[0], 'en')}: {en}",
            float(value),
            None,
            None,
            None,
            None,
        )
        for row in found
        for value, (fate, (zh, en)) in zip(row[1:], FATES.items(), strict=True)
    ]


def _answers(con: duckdb.DuckDBPyConnection, context: Context) -> list[tuple[Any, ...]]:
    sums = ", ".join(f"sum({name})" for name in COUNTS)
    found = con.execute(
        f"select area_code, wave_code, {sums} from mart.survey_quality where period_code = ? and "
        "list_contains(?, area_code) group by 1, 2 order by 1, 2",
        [context.period, list(context.areas)],
    ).fetchall()
    return [
        (
            row[0],
            "answers",
            f"{row[1]}.{flag}",
            f"{context.label('waves', row[1], 'zh')}·{zh}",
            f"{context.label('waves', row[1], 'en')}: {en}",
            None,
            int(value or 0),
            None,
            None,
            None,
        )
        for row in found
        for value, (flag, (zh, en)) in zip(row[2:], COUNTS.items(), strict=True)
    ]


def _rules(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    found = {
        (r[0], r[1]): r[2]
        for r in con.sql("select severity, passed, count(*) from audit.rule_results group by 1, 2").fetchall()
    }
    lines = []
    for severity, (zh, en) in SEVERITIES.items():
        for passed, (state_zh, state_en) in {True: ("通过", "held"), False: ("未通过", "did not hold")}.items():
            lines.append(
                (
                    EVERYWHERE,
                    "rules",
                    f"{severity}.{'passed' if passed else 'failed'}",
                    f"{zh}规则·{state_zh}",
                    f"{en} rules: {state_en}",
                    float(found.get((severity, passed), 0)),
                    None,
                    None,
                    None,
                    None,
                )
            )
    return lines


def _totals(con: duckdb.DuckDBPyConnection, context: Context) -> list[tuple[Any, ...]]:
    found = con.execute(
        "select area_code, measure_code, label_zh, label_en, counted, published, qualifier, agrees, as_of "
        "from mart.total_reconciliation where list_contains(?, area_code) order by 1, measure_code, as_of",
        [list(context.areas)],
    ).fetchall()
    lines = []
    for area, measure, zh, en, counted, published, qualifier, agrees, as_of in found:
        figure = f"{QUALIFIERS.get(qualifier, '')}{number(published)}"
        note = (
            ("无从计数", "cannot be counted")
            if agrees is None
            else ("一致", "agrees")
            if agrees
            else ("口径或时点差异", "differs in definition or date")
        )
        dated = (f"{note[0]}（公布时点 {as_of}）", f"{note[1]} (published as of {as_of})") if as_of else note
        lines.append(
            (
                area,
                "totals",
                f"{measure}.{as_of}",
                zh,
                en,
                None if counted is None else float(counted),
                None,
                figure,
                *dated,
            )
        )
    return lines


def total(rows: pl.DataFrame, section: str, ending: str) -> float:
    """Sum of the values of a section's items whose code ends so."""
    of_kind = (pl.col("section_code") == section) & pl.col("item_code").str.ends_with(ending)
    return float(rows.filter(of_kind)["value"].sum())


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Published totals, answers and rules, then the rows returned; the workbook holds the whole account."""
    place = pl.col("section_code").replace_strict(["totals", "answers", "rules", "rows"], range(4))
    returned = (pl.col("section_code") != "rows") | (
        pl.col("item_code").str.ends_with(".n_rejected") & (pl.col("value") > 0)
    )
    return rows.filter(returned).sort(place, maintain_order=True)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The balance of rows, rules and published totals."""
    fates = {
        word: number(total(rows, "rows", f".{fate}"))
        for fate, word in (
            ("n_read", "read"),
            ("n_clean", "clean"),
            ("n_duplicate", "duplicate"),
            ("n_rejected", "rejected"),
            ("n_set_aside", "aside"),
        )
    }
    differ = rows.filter(pl.col("note_zh").str.starts_with("口径")).height
    rules = rows.filter(pl.col("section_code") == "rules")["value"].sum()
    return say(
        "data_quality",
        "some",
        "records",
        {**fates, "rules": number(rules), "failed": number(total(rows, "rules", ".failed")), "differ": differ},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Rows not used, by source and fate."""
    side = "zh" if context.lang == "zh" else "en"
    mark = "·" if side == "zh" else ": "
    fates = {"n_duplicate": charts.GREY, "n_rejected": charts.RED, "n_set_aside": "#e6c387"}
    colors = {FATES[name][0 if side == "zh" else 1]: color for name, color in fates.items()}
    parts = (
        rows.filter(pl.col("section_code") == "rows")
        .select(f"item_{side}", "value")
        .with_columns(
            pl.col(f"item_{side}").str.split(mark).list.get(0).alias("source"),
            pl.col(f"item_{side}").str.split(mark).list.get(-1).alias("fate"),
        )
    )
    parts = parts.filter(pl.col("fate").is_in(list(colors)) & (pl.col("value") > 0))
    if parts.is_empty():
        return None
    order = parts.group_by("source").agg(pl.col("value").sum().alias("_all"))
    parts = parts.join(order, on="source").sort("_all", "source", descending=[True, False])
    top = parts["source"].unique(maintain_order=True).head(12).to_list()
    return charts.stacked(
        parts.filter(pl.col("source").is_in(top)),
        label="source",
        value="value",
        status="fate",
        colors=colors,
        title=context.pick("未采用的行数", "rows not used"),
    )


FINDING = Finding(
    id="data_quality",
    order=110,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=for_page,
    shows=("section_code", "item_zh", "item_en", "value", "people", "published", "note_zh", "note_en"),
    question_zh="这些数据靠得住吗？",
    question_en="How far can these data be trusted?",
    measure_zh="行账、问卷质量、校验规则、与公布数字核对",
    measure_en="Row ledger, survey quality, rules, published totals",
    source_zh="全部来源文件",
    source_en="all files received",
    caveats_zh=("退回的行可在 return 文件夹的工作簿里修正后重交。", "行账覆盖全部文件，不限本期。"),
    caveats_en=(
        "Rows returned can be mended in the workbooks of the return folder.",
        "The row ledger covers all files, not this period only.",
    ),
)
