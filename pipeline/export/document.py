"""A page that leaves: one file, no script, no request; stamp, style, head and foot of every sheet of paper."""

from __future__ import annotations

from html import escape
from pathlib import Path

from pipeline import disclose
from pipeline.findings.finding import Context

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = Path(__file__).with_name("page.css")


def document(title: str, lead: str, main: str, context: Context, build: dict[str, str], *, style: str = "") -> str:
    """The whole page: `lead` stands under the title, `main` is its body, `style` is added to the common one."""
    return f"""<!DOCTYPE html>
<html lang="{context.pick("zh-CN", "en")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{CSP}">
<meta name="robots" content="noindex">
<title>{escape(title)} · {escape(context.period)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}{style}{_paper(context)}</style>
</head>
<body>
<header>
{_stamp(context)}
<h1>{escape(title)}</h1>
{lead}
</header>
<main>
{main}
</main>
{_footer(context, build)}
</body>
</html>
"""


def audience(context: Context) -> str:
    """For whom the page is, as it stands behind the period."""
    return (
        context.pick(" · 公开版", " · public edition")
        if context.audience == "public"
        else context.pick(" · 内部使用", " · for the office")
    )


def _stamp(context: Context) -> str:
    if not context.is_simulated:
        return ""
    return f'<p class="stamp">{escape(disclose.rules()["simulated"][context.lang])}</p>'


def _paper(context: Context) -> str:
    """Head and foot of every printed sheet: the stamp, the period, the page number."""
    stamp = disclose.rules()["simulated"][context.lang] if context.is_simulated else ""
    foot = f"{context.pick('暖心驿站', 'Warm stations')} {context.period}"
    return f"""@page{{@top-center{{content:"{stamp}";color:#a8321f;font-size:8.5pt}}
@bottom-left{{content:"{foot}";color:#444;font-size:8pt}}@bottom-right{{content:"— " counter(page) " / " counter(pages) " —";color:#444;font-size:8pt}}}}
"""


def _footer(context: Context, build: dict[str, str]) -> str:
    why = disclose.rules()["why"][context.lang]
    version = context.pick("代码版本", "code version"), context.pick("输入校验和", "inputs")
    facts = f"{version[0]} {escape(build['code_version'][:12] or '—')} · {version[1]} {escape(build['inputs_sha256'][:12] or '—')}"
    use = context.pick("不得用于考核或监控个人。", "Not to be used to assess or monitor individuals.")
    return f"<footer>\n<p>{escape(why)}</p>\n<p>{use}</p>\n<p>{facts}</p>\n{_stamp(context)}\n</footer>"
