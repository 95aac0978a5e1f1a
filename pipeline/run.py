"""The line: raw files → clean tables → warehouse → validation → publish → findings → exports. Read this first."""

from __future__ import annotations

import os
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline import unchanged
from pipeline.errors import CRITICAL_RULE, FILE, PipelineError, Problem, fail
from pipeline.locking import exclusive
from pipeline.paths import Study
from pipeline.terminal import Terminal


@dataclass(frozen=True)
class Options:
    """What a run is asked for. `rehash`: read every raw file, whatever its size and time say; `remote`: the address of a Spark
    Connect server that cleans the logs; `budget`: yuan for each area's list of changes, None for the rule's."""

    period: str | None = None
    lang: str = "zh"
    audience: str = "office"
    rehash: bool = False
    remote: str | None = None
    budget: float | None = None

    def __post_init__(self) -> None:
        if self.budget is not None:
            from pipeline.contracts.costs import check_budget

            check_budget(self.budget)

    @property
    def key(self) -> str:
        """One name per set of outputs, to notice that they are there already."""
        budget = "" if self.budget is None else f"|{self.budget!r}"
        return f"{self.period or 'latest'}|{self.lang}|{self.audience}{budget}"


def run(study: Study, options: Options, terminal: Terminal) -> None:
    """The whole line for one study. Raises `PipelineError` with the exit code of what went wrong; the last good
    warehouse and its findings then stay as they were."""
    with exclusive(study):
        if options.rehash:
            unchanged.forget(study)
        now = unchanged.fingerprint(study)
        outputs = unchanged.is_exported(study, now, options.key)
        if outputs is not None and unchanged.is_built(study, now):
            terminal.say(
                terminal.word("没有变化，上次的结果仍然有效。", "Nothing has changed; the last results stand.")
            )
            return show_outputs(study, [study.out / name for name in outputs], terminal)
        terminal.say(f"{terminal.word('研究', 'Study')}  {study.root}")
        made = None
        if not unchanged.is_built(study, now):
            made = build(study, terminal, options.remote)
            now = unchanged.fingerprint(study)  # the first run makes the key
            unchanged.remember(study, now)
        written = publish_findings(study, options, terminal)
        unchanged.remember(study, now, options.key, written)
        if made is not None:
            note_stages(study, made, terminal)
        summarise(study, terminal)
        show_outputs(study, written, terminal)


def build(study: Study, terminal: Terminal, remote: str | None = None):
    """Raw files to a published warehouse: written beside the old one, audited, and renamed only if nothing critical
    fails (write – audit – publish). Returns the record of the build."""
    with ExitStack() as ending:
        return _build(study, terminal, remote, ending)


def _build(study: Study, terminal: Terminal, remote: str | None, ending: ExitStack):
    from pipeline import cleaning, privacy, receive, validate
    from pipeline.contracts.bundle import load_contracts

    started = datetime.now().replace(microsecond=0)
    with terminal.stage("receive", "收文件、读合同", "receive files"):
        contracts = load_contracts(study)
        received = receive.receive(study, contracts)
        key = privacy.study_key(study)
        rules, checker = validate.load_rules(study), validate.start()  # it imports for seconds, beside the cleaning
        ending.callback(checker.kill)  # a refused run leaves no process behind
    with terminal.stage("ledgers", "台账与项目文件", "ledgers, programme files"):
        prepared = cleaning.clean_place_and_ledgers(study, contracts, received, key)
    with terminal.stage("surveys", "问卷与权重", "surveys and weights"):
        cleaning.clean_surveys(contracts, received, key, prepared)
    with terminal.watched("logs", "服务记录", "service logs") as watch:
        cleaning.clean_logs(study, contracts, received, key, prepared, remote=remote, watch=watch)
        cleaning.close_accounts(contracts, received, prepared)
    with terminal.stage("warehouse", "入库与汇总", "warehouse and marts"):
        write_part(study, prepared)
    with terminal.stage("validate", "校验", "validation"):
        results = audit(study, rules, checker)
        write_pages(study, prepared.returns, received.is_simulated)
        refuse_critical(study, results)
    with terminal.stage("publish", "发布", "publish"):
        return publish(study, prepared.stored, started, terminal.seconds, "spark" if remote else "duckdb")


def write_part(study: Study, prepared) -> None:
    """Load everything into `warehouse.duckdb.part` and build the marts."""
    from pipeline.warehouse import load, marts

    study.out.mkdir(parents=True, exist_ok=True)
    remove(study.warehouse_part)
    with load.create(study.warehouse_part) as con:
        load.load(
            con,
            prepared.tables,
            events=prepared.events,
            counts=prepared.counts,
            fates=prepared.fate_files,
            processed=study.out,
        )
        marts.build(con)


def audit(study: Study, rules, checker):
    """Run every rule on the new warehouse and keep the results in it, one row per rule."""
    from pipeline import validate

    results = validate.run(study.warehouse_part, rules, checker)
    validate.record(study.warehouse_part, results)
    return results


def write_pages(study: Study, returns, is_simulated: bool) -> None:
    """The validation page, the workbooks with the rows to repair and the one with what is to be decided; also when a
    critical rule fails."""
    from pipeline import validate
    from pipeline.export import to_do
    from pipeline.warehouse.connect import open_warehouse

    with open_warehouse(study.warehouse_part) as con:
        validate.write_page(con, study.validation, is_simulated=is_simulated)
        to_do.write(con, study, returns, is_simulated=is_simulated)


def refuse_critical(study: Study, results) -> None:
    """Stop with exit 12 when a critical rule failed: what was built goes, the old warehouse stays."""
    from pipeline import validate

    problems = validate.failed_critical(results)
    if problems:
        remove(study.warehouse_part)
        raise PipelineError(CRITICAL_RULE, problems)


def publish(study: Study, stored, started: datetime, seconds: dict[str, float], engine: str):
    """Note the build, let the new warehouse take the old one's place, and only then drop files nobody means. Returns
    the record of the build."""
    from pipeline.logs import remove_unreferenced
    from pipeline.warehouse import builds

    made = builds.Build(
        uuid.uuid4().hex[:12], started, unchanged.code_version(), unchanged.fingerprint(study), dict(seconds), engine
    )
    builds.record(study.warehouse_part, study.warehouse, made)
    try:
        os.replace(study.warehouse_part, study.warehouse)
    except PermissionError:
        fail(
            FILE,
            Problem("warehouse_held", study.warehouse.name, "数据库文件正被其他程序打开", "the warehouse is open in another program",
                    do_zh=f"请先关闭打开它的程序（如 JupyterLab、DBeaver），再运行一次；新结果保存在 {study.warehouse_part.name}",
                    do_en=f"close the program that holds it and run again; the new one is {study.warehouse_part.name}"),
        )  # fmt: skip
    remove_unreferenced(study, stored)
    return made


def note_stages(study: Study, made, terminal: Terminal) -> None:
    """Put the seconds of the stages after publishing beside the others in audit.builds."""
    from pipeline.warehouse import builds

    later = {stage: seconds for stage, seconds in terminal.seconds.items() if stage not in made.seconds}
    builds.add_stages(study.warehouse, replace(made, seconds={"publish": terminal.seconds["publish"], **later}))


def publish_findings(study: Study, options: Options, terminal: Terminal) -> list[Path]:
    """Evaluate every finding for the period, through the disclosure gate, and write what may leave."""
    from pipeline import export, findings
    from pipeline.warehouse.connect import open_warehouse

    with open_warehouse(study) as con:
        simulated = con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()[0][0]
        with terminal.stage("findings", "发现", "findings"):
            context = findings.context_for(
                con, period=options.period, lang=options.lang, audience=options.audience, is_simulated=simulated,
                budget=options.budget,
            )  # fmt: skip
            results = findings.evaluate(con, None, context)
        with terminal.stage("export", "导出", "export"):
            return export.write_all(results, study, context, con)


def summarise(study: Study, terminal: Terminal) -> None:
    """The account of all rows, per source, and the tally of the rules."""
    from pipeline.summary import lines
    from pipeline.warehouse.connect import open_warehouse

    with open_warehouse(study) as con:
        for line in lines(con, study, terminal.lang):
            terminal.say(line)


def show_outputs(study: Study, written: list[Path], terminal: Terminal) -> None:
    """Where the results lie: the page first, on standard output."""
    pages = [path for path in written if path.suffix == ".html"] or written[:1]
    terminal.say(terminal.word("结果：", "Results:"))
    for path in [*pages, *(path for path in written if path.suffix == ".xlsx"), study.validation]:
        terminal.result(str(path))
    if any(study.return_dir.glob("*.xlsx")):
        terminal.say(terminal.word("需要修改的行：", "Rows to repair:"))
        terminal.result(str(study.return_dir))
    if study.review.exists():
        terminal.say(
            terminal.word(
                "待决定（写法、地点、更正、问卷题目）：",
                "To be decided (spellings, places, corrections, survey questions):",
            )
        )
        terminal.result(str(study.review))


def remove(path: Path) -> None:
    """Delete a file of ours, with DuckDB's write-ahead log beside it, if they are there."""
    for victim in (path, path.with_name(path.name + ".wal")):
        victim.unlink(missing_ok=True)
