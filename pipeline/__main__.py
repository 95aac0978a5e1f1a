"""The command line: parse, call, print. Each command is one function of another module."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import paths
from pipeline.drafting.app import codebook_app
from pipeline.errors import FILE, INTERRUPTED, USAGE, PipelineError
from pipeline.terminal import Terminal

app = typer.Typer(
    help="暖心驿站：从原始文件到可信的结论。 Warm stations: from raw files to findings that can be trusted.",
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip
finding_app = typer.Typer(help="发现的清单与内容 The registry of findings.", no_args_is_help=True)
app.add_typer(finding_app, name="findings")
app.add_typer(codebook_app, name="codebook")

Data = Annotated[Path, typer.Option("--data", help="研究文件夹 the study folder")]
Out = Annotated[Path | None, typer.Option("--out", help="结果文件夹 where results go (default: DATA/processed)")]
Lang = Annotated[str, typer.Option("--lang", help="zh 或 or en")]
Budget = Annotated[float | None, typer.Option("--budget", help="每个地区可用的钱（元） yuan for each area")]
Period = Annotated[
    str | None, typer.Option("--period", help="报告季度，如 quarter such as 2023Q2（默认最近一季 default: the latest）")
]


@app.command()
def run(
    data: Data = Path("data"),
    out: Out = None,
    period: Period = None,
    lang: Lang = "zh",
    audience: Annotated[str, typer.Option("--audience", help="office 或 or public")] = "office",
    rehash: Annotated[bool, typer.Option("--rehash", help="重新读取每个原始文件 read every raw file again")] = False,
    engine: Annotated[str, typer.Option("--engine", help="duckdb 或 or spark")] = "duckdb",
    remote: Annotated[str | None, typer.Option("--remote", help="Spark Connect 地址 address, sc://HOST:PORT")] = None,
    budget: Budget = None,
) -> None:
    """整条流程：原始文件 → 结果 The whole line: raw files to findings."""
    from pipeline.run import Options
    from pipeline.run import run as run_line

    _one_of("--lang", lang, ("zh", "en"))
    _one_of("--audience", audience, ("office", "public"))
    if period is not None:
        _period(period)
    _one_of("--engine", engine, ("duckdb", "spark"))
    if (engine == "spark") != (remote is not None):
        raise typer.BadParameter(
            "--engine spark 与 --remote sc://HOST:PORT 须同时给出 go together", param_hint="--remote"
        )
    run_line(paths.study(data, out), Options(period, lang, audience, rehash, remote, budget), Terminal(lang))


@app.command()
def start(directory: Annotated[Path, typer.Argument(help="新研究的文件夹 the new study's folder")]) -> None:
    """新建一个空的研究 Make an empty study with commented place/ files."""
    from pipeline.start import start as start_study

    for path in start_study(directory):
        typer.echo(path)


@app.command()
def templates(
    directory: Annotated[Path, typer.Argument(help="空白表写到哪个文件夹 where the blank workbooks go")],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="研究文件夹：用它的合同，列出它的驿站等 a study: its contracts, its stations"),
    ] = None,
    lang: Lang = "zh",
) -> None:
    """带下拉选项的空白台账、检查和登记表 Blank ledgers, checks and registers with drop-downs."""
    from pipeline.export import templates as blank

    _one_of("--lang", lang, ("zh", "en"))
    for path in blank.write(directory, None if data is None else paths.study(data), lang=lang):
        typer.echo(path)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", help="写到哪里 where to write raw, place and truth")],
    seed: Annotated[int, typer.Option(help="随机种子 seed")] = 20230514,
    stations: Annotated[int, typer.Option(min=3, help="驿站数 stations")] = 60,
    couriers: Annotated[int, typer.Option(min=20, help="小哥数 couriers")] = 1100,
    log_rows: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="服务记录行数，超过二百万时逐月写出两年 log rows (about); above two million: two years, streamed",
        ),
    ] = None,
    areas: Annotated[int, typer.Option(min=1, max=2, help="地区数 areas")] = 1,
) -> None:
    """生成一份模拟研究（已知真相） A simulated study with known truth."""
    from pipeline.simulate import simulate as make

    make(out, seed=seed, stations=stations, couriers=couriers, log_rows=log_rows, areas=areas, watched=True)
    typer.echo(out)


@app.command()
def inspect(
    files: Annotated[list[Path], typer.Argument(help="要看的文件 files to look at")],
    as_json: Annotated[
        bool, typer.Option("--json", help="每个文件一行 JSON one JSON object per file and line")
    ] = False,
) -> None:
    """看读取器看到了什么，不写任何文件 What the readers see; nothing is written."""
    from pipeline.readers import inspect_file
    from pipeline.readers.describe import describe

    code = 0
    for file in files:
        try:
            typer.echo(json.dumps(inspect_file(file), ensure_ascii=False) if as_json else describe(file))
        except PipelineError as error:
            Terminal("zh").error(error)
            code = error.exit_code
    raise typer.Exit(code)


@finding_app.command("list")
def list_findings(lang: Lang = "zh") -> None:
    """登记的发现 Every registered finding."""
    from pipeline import findings

    for finding in findings.registry().values():
        typer.echo(f"{finding.id:<24}{finding.question_zh if lang == 'zh' else finding.question_en}")


@finding_app.command("show")
def show_finding(
    finding_id: Annotated[str, typer.Argument(help="发现的编号 id of a finding")],
    data: Data = Path("data"),
    out: Out = None,
    period: Period = None,
    lang: Lang = "zh",
    budget: Budget = None,
) -> None:
    """在终端看一条发现 One finding on the terminal."""
    from pipeline.findings.show import show

    _one_of("--lang", lang, ("zh", "en"))
    typer.echo(show(paths.study(data, out), finding_id, period=period, lang=lang, budget=budget))


@app.command()
def notebooks(data: Data = Path("data"), out: Out = None, lang: Lang = "zh") -> None:
    """运行全部笔记本，存成网页 Run every notebook and keep HTML pages."""
    from pipeline.notebook_pages import run_notebooks

    for path in run_notebooks(paths.study(data, out), Terminal(lang)):
        typer.echo(path)


@app.command()
def apply(
    workbook: Annotated[Path, typer.Argument(help="填好决定的审核工作簿 the review workbook with decisions")],
    data: Data = Path("data"),
    out: Out = None,
    lang: Lang = "zh",
) -> None:
    """审核工作簿中的决定 → place 中的 TOML Decisions of a review workbook into the TOML files of place/."""
    from pipeline.locking import exclusive
    from pipeline.review import apply as apply_review

    _one_of("--lang", lang, ("zh", "en"))
    study = paths.study(data, out)
    with exclusive(study):
        applied = apply_review(workbook, study)
    for line in applied.lines(study, Terminal(lang).word):
        typer.echo(line)


@app.command()
def hsds(
    directory: Annotated[Path, typer.Argument(help="写到哪个文件夹 the folder to write the package into")],
    data: Data = Path("data"),
    out: Out = None,
    lang: Lang = "zh",
) -> None:
    """驿站名录，Open Referral HSDS 3 数据包 The register of stations as an Open Referral HSDS 3 package."""
    from pipeline.export.hsds import write

    _one_of("--lang", lang, ("zh", "en"))
    for path in write(paths.study(data, out), directory, lang):
        typer.echo(path)


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise typer.BadParameter(f"{value!r}: {' / '.join(allowed)}", param_hint=option)


def _period(value: str) -> None:
    from pipeline.contracts.period import is_period

    if not is_period(value):
        raise typer.BadParameter(f"{value!r}：应写成 expected 2023Q2", param_hint="--period")


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code: a user's mistake prints what, where and what to do, without a traceback."""
    arguments = sys.argv[1:] if arguments is None else arguments
    lang = "en" if "en" in arguments or "--lang=en" in arguments else "zh"
    terminal = Terminal(lang)
    stopped = terminal.word("已中断；上次的结果仍然有效。", "Interrupted; the last results stand.")
    try:
        code = app(arguments, standalone_mode=False) or 0
        if code == INTERRUPTED:  # the parser turns the signal into a code
            terminal.say(stopped)
        return code
    except PipelineError as error:
        terminal.error(error)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        terminal.say(stopped)
        return INTERRUPTED
    except PermissionError as error:
        name = Path(error.filename).name if error.filename else ""
        terminal.say(
            terminal.word(
                f"无法写入：{name}。请先关闭打开它的程序。", f"Cannot write {name}: close the program that holds it."
            )
        )
        return FILE
    except typer.Exit as done:
        return done.exit_code
    except Exception as error:
        if "interrupted" in str(error).lower() and type(error).__name__ in ("RuntimeError", "InterruptException"):
            terminal.say(stopped)  # the database takes the signal while it works
            return INTERRUPTED
        if not hasattr(error, "format_message"):  # the parser's own complaints about options and arguments
            raise
        error.show()
        return USAGE


if __name__ == "__main__":
    sys.exit(main())
