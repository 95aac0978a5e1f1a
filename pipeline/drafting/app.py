"""The commands of `codebook`: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline import paths

codebook_app = typer.Typer(help="问卷的波次文件 Wave files of questionnaires.", no_args_is_help=True)


@codebook_app.callback()
def _codebook() -> None:
    """A group of commands, of which there is one."""


@codebook_app.command("draft")
def draft(
    files: Annotated[
        list[Path],
        typer.Argument(help="一份导出，或同一批答卷的文本、序号导出各一份 one export, or a text and a number export"),
    ],
    form: Annotated[
        list[Path] | None,
        typer.Option("--form", help="问卷结构：XLSForm、.qsf 或编码表 what the platform or a codebook says"),
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--platform", help="表头认不出时，写明平台 the platform, where headings do not tell")
    ] = None,
    against: Annotated[
        Path | None, typer.Option("--against", help="上一波的波次文件 the wave file of an earlier wave")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="写到哪个文件（默认打印） the file to write (default: print)")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="研究文件夹：用它的代码表 a study: its codebooks")] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh 或 or en")] = "zh",
) -> None:
    """从导出文件起草波次文件 A first wave file for a new questionnaire, proposed from its exports."""
    from pipeline.contracts.wave import FAMILIES
    from pipeline.drafting.command import Asked, draft_files, summary

    if lang not in ("zh", "en"):
        raise typer.BadParameter(f"{lang!r}: zh / en", param_hint="--lang")
    if platform is not None and platform not in FAMILIES:
        raise typer.BadParameter(f"{platform!r}: {' / '.join(FAMILIES)}", param_hint="--platform")
    if len(files) > 2:
        raise typer.BadParameter("最多两份 at most two", param_hint="FILES")
    study = None if data is None else paths.study(data)
    text, made = draft_files(files, Asked(form or (), platform, against, out, study))
    if out is None:
        typer.echo(text, nl=False)
    for line in summary(made, lang):
        typer.echo(line, err=out is None)
