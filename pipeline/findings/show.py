"""One finding on the terminal."""

from __future__ import annotations

from pipeline import findings
from pipeline.errors import FILE, USAGE, Problem, fail
from pipeline.findings import cells
from pipeline.paths import Study
from pipeline.warehouse.connect import open_warehouse


def show(
    study: Study,
    finding_id: str,
    *,
    period: str | None = None,
    lang: str = "zh",
    rows: int = 30,
    budget: float | None = None,
) -> str:
    """Question, sentence, table and source of a finding, as text; as on the page, from the disclosed table only."""
    known = findings.registry()
    if finding_id not in known:
        fail(
            USAGE,
            Problem(
                "unknown_finding",
                finding_id,
                "没有这条发现",
                "there is no such finding",
                got=finding_id,
                expected=", ".join(known),
                do_zh="运行 python -m pipeline findings list 查看编号",
                do_en="run python -m pipeline findings list for the ids",
            ),
        )
    if not study.warehouse.exists():
        fail(
            FILE,
            Problem(
                "warehouse_missing",
                str(study.warehouse),
                "还没有建好数据库",
                "the warehouse has not been built",
                do_zh="请先运行 make pipeline（或 python -m pipeline run --data 文件夹）",
                do_en="run make pipeline first (or python -m pipeline run --data DIR)",
            ),
        )
    with open_warehouse(study) as con:
        simulated = bool(
            con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()[0][0]
        )
        context = findings.context_for(con, period=period, lang=lang, is_simulated=simulated, budget=budget)
        result = findings.evaluate(con, [finding_id], context)[0]
    return "\n".join(_lines(result, context, rows))


def _lines(result: findings.Result, context: findings.Context, rows: int) -> list[str]:
    from pipeline import disclose

    finding = result.finding
    lines = [disclose.rules()["simulated"][context.lang]] if context.is_simulated else []
    lines += [context.pick(finding.question_zh, finding.question_en), result.sentence(context.lang), ""]
    names = cells.page_columns(result, context)
    lines.append("\t".join(cells.header(name, context) for name in names))
    for row in result.page_table.head(rows).iter_rows(named=True):
        lines.append("\t".join(cells.text(row, name, finding, context) for name in names))
    if result.page_table.height > rows:
        lines.append(f"… {result.page_table.height - rows}")
    lines += [
        "",
        result.source_line,
        *([context.pick(*result.method)] if result.method[0] else []),
        *(context.pick(c.zh, c.en) for c in result.comparison),
        *(f"· {caveat}" for caveat in result.caveats),
    ]
    return lines
