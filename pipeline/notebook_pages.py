"""Run every notebook on a study's warehouse, two at a time, and keep each as an HTML page that asks the network for nothing."""

from __future__ import annotations

import asyncio
import base64
import html
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.disclose import rules
from pipeline.errors import FILE, PipelineError, Problem, fail
from pipeline.paths import REPOSITORY, Study
from pipeline.terminal import Terminal

NOTEBOOKS = REPOSITORY / "notebooks"
AT_ONCE = 2
TIMEOUT_SECONDS = 300
INJECTED = "injected-parameters"
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
body{font-family:"Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif;max-width:52rem;margin:0 auto;padding:1rem;
 line-height:1.7;color:#222a33;background:#fff}
.stamp{background:#fff3d6;border:1px solid #e0b13f;padding:.4rem .8rem;border-radius:4px}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}small{color:#5b6470}img{max-width:100%;height:auto}
pre{background:#f5f6f8;padding:.6rem;overflow-x:auto;font-size:.8rem;line-height:1.45}.anchor-link{display:none}
table{border-collapse:collapse;font-size:.85rem;margin:.5rem 0}td,th{border-bottom:1px solid #e3e6ea;padding:.2rem .7rem}
@media print{pre{white-space:pre-wrap}}
"""


def run_notebooks(study: Study, terminal: Terminal, parameters: Mapping[str, Any] | None = None) -> list[Path]:
    """Execute the numbered notebooks and write `processed/notebooks/*.html`; all of them, or none when one fails.

    `parameters` override those of the first cell, for example {"WEIGHT_SET": "equal"}.
    """
    simulated = _is_simulated(study)
    sources = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    given = {"DATA": str(study.root), "OUT": str(study.out), **(parameters or {})}
    with terminal.stage("notebooks", "运行笔记本", "notebooks"):
        notebooks = asyncio.run(_execute_all(sources, given))
    study.notebooks.mkdir(parents=True, exist_ok=True)
    pages = [
        _write(study.notebooks / f"{source.stem}.html", page(notebook, simulated))
        for source, notebook in zip(sources, notebooks, strict=True)
    ]
    for old in set(study.notebooks.glob("*.html")) - set(pages):
        old.unlink()
    return pages


def _is_simulated(study: Study) -> bool:
    """Whether any file was simulated. Opening it here also points a moved study's event view, once, before the kernels."""
    from pipeline.warehouse.connect import open_warehouse

    if not study.warehouse.exists():
        fail(
            FILE,
            Problem("warehouse_missing", str(study.warehouse), "还没有建好数据库", "the warehouse has not been built",
                    do_zh="请先运行 make pipeline（或 python -m pipeline run --data 文件夹）",
                    do_en="run make pipeline first (or python -m pipeline run --data DIR)"),
        )  # fmt: skip
    with open_warehouse(study) as con:
        return bool(con.sql("select coalesce(bool_or(is_simulated), false) from audit.source_files").fetchall()[0][0])


async def _execute_all(sources: list[Path], parameters: Mapping[str, Any]) -> list[Any]:
    turns = asyncio.Semaphore(AT_ONCE)
    with tempfile.TemporaryDirectory() as own:  # no start-up files of the user's own IPython
        paths = [str(REPOSITORY), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": own}
        results = await asyncio.gather(*[_execute(source, parameters, env, turns) for source in sources])
    problems = [result for result in results if isinstance(result, Problem)]
    if problems:
        raise PipelineError(FILE, problems)
    return results


async def _execute(
    source: Path, parameters: Mapping[str, Any], env: Mapping[str, str], turns: asyncio.Semaphore
) -> Any:
    """The executed notebook, or the problem it met: its cell and the kind of error, never a value."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, DeadKernelError

    notebook = with_parameters(nbformat.read(source, as_version=4), parameters)
    client = NotebookClient(
        notebook, timeout=TIMEOUT_SECONDS, kernel_name="python3", record_timing=False,
        resources={"metadata": {"path": str(source.parent)}}, extra_arguments=["--log-level=ERROR"],
    )  # fmt: skip
    async with turns:
        try:
            return await client.async_execute(env=dict(env))
        except (CellControlSignal, DeadKernelError, TimeoutError) as error:
            return _problem(source, notebook, error)


def with_parameters(notebook: Any, parameters: Mapping[str, Any]) -> Any:
    """The notebook with a cell after its parameters that overrides them."""
    from nbformat.v4 import new_code_cell

    place = next(i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    text = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    notebook.cells.insert(place + 1, new_code_cell(text, metadata={"tags": [INJECTED]}))
    return notebook


def _problem(source: Path, notebook: Any, error: Exception) -> Problem:
    """What failed where. Our own messages hold no value of the data and are passed on; of others only the kind."""
    code = [
        cell for cell in notebook.cells if cell.cell_type == "code" and INJECTED not in cell.metadata.get("tags", [])
    ]
    started = [i for i, cell in enumerate(code, start=1) if cell.execution_count or cell.outputs]
    failed = [i for i, cell in enumerate(code, start=1) if any(out.output_type == "error" for out in cell.outputs)]
    number = (failed or started or [0])[-1]
    kind = getattr(error, "ename", type(error).__name__)
    return Problem(
        "notebook_failed", f"{source.name}，第 {number} 个代码单元 code cell {number}", "笔记本没有运行到底", "the notebook did not run to its end",
        got=str(error.evalue) if kind == "PipelineError" else kind,
        do_zh="请在 JupyterLab 中打开它（make lab），从头运行，看这个单元的提示",
        do_en="open it in JupyterLab (make lab), run it from the top and read that cell's message",
    )  # fmt: skip


def page(notebook: Any, is_simulated: bool) -> str:
    """One self-contained page: static pictures, no script, nothing fetched."""
    from nbconvert import HTMLExporter
    from pygments.formatters import HtmlFormatter

    notebook.cells = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", [])]
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _as_picture(output, title)
    exporter = HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)
    body, _ = exporter.from_notebook_node(notebook)
    words = rules()["simulated"]
    stamp = (
        f'<p class="stamp">{html.escape(words["zh"])}<br><small>{html.escape(words["en"])}</small></p>'
        if is_simulated
        else ""
    )
    colours = HtmlFormatter(style="default").get_style_defs(".highlight")
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}{colours}</style></head>\n<body>{stamp}\n{body}\n</body></html>\n"
    )


def _as_picture(output: Any, title: str) -> None:
    """Charts as their PNG only, at half its pixels (it is drawn at double density), with words for those who cannot see."""
    data = output.get("data", {})
    for kind in [kind for kind in data if "vega" in kind]:
        del data[kind]
    if "image/png" in data:
        width, height = struct.unpack(">II", base64.b64decode(data["image/png"])[16:24])
        output.metadata["image/png"] = {"width": width // 2, "height": height // 2, "alt": f"{title}：图，内容见下一句"}
        data.pop("text/plain", None)


def _write(path: Path, text: str) -> Path:
    """The page in one step: whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)
    return path
