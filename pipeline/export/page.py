"""findings.html: one file, no script, no request; the conclusion first, then every finding with chart, table and source."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from pipeline.export.document import audience, document
from pipeline.findings import cells
from pipeline.findings.context import period_line
from pipeline.findings.finding import Context, Result
from pipeline.findings.summary import Action, Summary
from pipeline.findings.words import strength_word

OPEN_ROWS = 18  # longer tables start folded
LONG = 24  # columns of letters, a Chinese character is two: a longer cell is given room, or figures beside it shrink it to a word a line
PAGE_ROWS = 60  # longer tables are cut; the workbook holds all rows


def render(
    results: list[Result], summary: Summary, drawings: dict[str, str], context: Context, build: dict[str, str]
) -> str:
    """The whole page in the context's language."""
    title = context.pick("暖心驿站：需要什么、缺在哪里", "Warm stations: what is needed, where the gaps are")
    places = context.pick("、", ", ").join(context.label("areas", area) for area in context.areas)
    sections = "\n".join(_section(result, drawings.get(result.finding.id), context) for result in results)
    lead = f'<p class="period">{escape(places)} · {escape(period_line(context))}{audience(context)}</p>'
    return document(
        title, lead, f"{_first_screen(summary, context)}\n{_contents(results, context)}\n{sections}", context, build
    )


def _first_screen(summary: Summary, context: Context) -> str:
    strength = context.pick(
        f"证据：{strength_word(summary.strength, 'zh')}", f"Evidence: {strength_word(summary.strength, 'en')}"
    )
    link = context.pick("看依据", "see the evidence")
    more = f' <a href="#{summary.conclusion_id}">{link}</a>' if summary.conclusion_id else ""
    actions = "\n".join(_action(action, context) for action in summary.actions)
    none = context.pick("本期证据不足以提出建议。", "The evidence of this period supports no action.")
    todo = f'<ol class="actions">\n{actions}\n</ol>' if actions else f"<p>{none}</p>"
    unknown = "\n".join(f"<li>{escape(line)}</li>" for line in summary.unknowns)
    blank = f'<ul class="unknown">\n{unknown}\n</ul>' if unknown else ""
    return f"""<div class="lead">
<h2>{context.pick("结论", "Conclusion")}</h2>
<p>{escape(summary.conclusion)}</p>
<span class="tag">{escape(strength)}{more}</span>
</div>
<h2>{context.pick("建议先做", "Do first")}</h2>
{todo}
<h2>{context.pick("我们还不知道", "What we do not know")}</h2>
{blank}"""


def _action(action: Action, context: Context) -> str:
    rows = (
        (context.pick("时段", "When"), action.hours),
        (context.pick("谁来办", "Who"), action.who),
        (context.pick("依据", "Why"), action.why),
    )
    facts = "".join(f"<dt>{label}</dt><dd>{escape(text)}</dd>" for label, text in rows[:-1])
    label, text = rows[-1]
    return (
        f"<li><strong>{escape(action.what)}</strong><dl>{facts}<dt>{label}</dt><dd>{escape(text)} "
        f'<a href="#{action.finding_id}">{context.pick("看依据", "see")}</a></dd></dl></li>'
    )


def _contents(results: list[Result], context: Context) -> str:
    items = "\n".join(
        f'<li><a href="#{r.finding.id}">{escape(context.pick(r.finding.question_zh, r.finding.question_en))}</a></li>'
        for r in results
    )
    name = context.pick("目录", "Contents")
    return f'<nav aria-label="{name}">\n<strong>{name}</strong>\n<ol>\n{items}\n</ol>\n</nav>'


def _section(result: Result, drawing: str | None, context: Context) -> str:
    finding = result.finding
    question = escape(context.pick(finding.question_zh, finding.question_en))
    compared = "".join(f"<li>{escape(context.pick(c.zh, c.en))}</li>" for c in result.comparison)
    compared = (
        f'<h3>{context.pick("与以前比", "Against earlier periods")}</h3>\n<ul class="caveats">{compared}</ul>\n'
        if compared
        else ""
    )
    caveats = "".join(f"<li>{escape(caveat)}</li>" for caveat in result.caveats)
    measure = context.pick(finding.measure_zh, finding.measure_en)
    strength = context.pick(
        f"证据：{strength_word(result.strength, 'zh')}", f"Evidence: {strength_word(result.strength, 'en')}"
    )
    return f"""<section class="finding" id="{finding.id}" aria-labelledby="{finding.id}-q">
<h2 id="{finding.id}-q">{question}</h2>
<p class="answer">{escape(result.sentence(context.lang))}</p>
<p class="tag">{escape(strength)}</p>
{_figure(result, drawing, context)}
{_table(result, context)}
{compared}<h3>{context.pick("读的时候注意", "What could mislead")}</h3>
<ul class="caveats">{caveats}</ul>
<p class="measure">{context.pick("口径：", "Measure: ")}{escape(measure)}</p>{_method(result, context)}
</section>"""


def _method(result: Result, context: Context) -> str:
    """How survey figures were made and what they assume."""
    text = context.pick(*result.method)
    return (
        f'\n<p class="measure">{context.pick("方法与假定：", "Method and assumptions: ")}{escape(text)}</p>'
        if text
        else ""
    )


def _figure(result: Result, drawing: str | None, context: Context) -> str:
    source = f'<figcaption class="source">{escape(result.source_line)}</figcaption>'
    if drawing is None:
        return f'<p class="source">{escape(result.source_line)}</p>'
    name = escape(context.pick(result.finding.question_zh, result.finding.question_en), quote=True)
    return f"<figure>\n{inline_svg(drawing, result.finding.id, name)}\n{source}\n</figure>"


def inline_svg(drawing: str, prefix: str, name: str) -> str:
    """The drawing for a page: ids of its own, the reader's fonts and colours, a name for screen readers."""
    drawing = re.sub(r"^<\?xml[^>]*>\s*|<!DOCTYPE[^>]*>\s*", "", drawing)
    drawing = re.sub(r'\bid="', f'id="{prefix}-', drawing)
    drawing = re.sub(r"url\(#", f"url(#{prefix}-", drawing)
    drawing = re.sub(r' font-family="[^"]*"', "", drawing)
    drawing = re.sub(r' xmlns(:xlink)?="[^"]*"', "", drawing)
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)


def _table(result: Result, context: Context) -> str:
    table = result.page_table.head(PAGE_ROWS)
    if table.is_empty():
        return ""
    names = cells.page_columns(result, context)
    head = "".join(
        f'<th scope="col"{" class=r" if cells.is_right(n) else ""}>{escape(cells.header(n, context))}</th>'
        for n in names
    )
    body = "\n".join(_row(row, names, result, context) for row in table.iter_rows(named=True))
    label = context.pick(f"数据表（{table.height}行）", f"Table ({table.height} rows)")
    title = escape(context.pick(result.finding.question_zh, result.finding.question_en), quote=True)
    cut = ""
    if table.height < result.table.height:
        cut = context.pick(
            f"此处列出{table.height}行，全表{result.table.height}行见 findings.xlsx。",
            f"{table.height} rows here; all {result.table.height} are in findings.en.xlsx.",
        )
        cut = f'\n<p class="more">{cut}</p>'
    opened = " open" if table.height <= OPEN_ROWS else ""
    return f"""<details{opened}>
<summary>{label}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="{title}">
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</div>{cut}
</details>"""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _row(row: dict[str, object], names: list[str], result: Result, context: Context) -> str:
    made = []
    for place, name in enumerate(names):
        text = escape(cells.text(row, name, result.finding, context))
        is_none = row[cells.PAIRS.get(name, (name,))[0]] is None
        marked = {"r": cells.is_right(name), "none": is_none, "long": _width(text) > LONG}
        marks = [mark for mark, on in marked.items() if on]
        kind = f' class="{" ".join(marks)}"' if marks else ""
        made.append(f'<th scope="row"{kind}>{text}</th>' if place == 0 else f"<td{kind}>{text}</td>")
    return f"<tr>{''.join(made)}</tr>"
