"""Put a file in its place at once, or beside it when another program holds the old one open."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import FILE, PipelineError, Problem


def legal(text: str) -> str:
    """A part of a file name that every system takes.

    >>> legal("晴川街道/一站 ")
    '晴川街道_一站'
    """
    return re.sub(r"[^\w-]+", "_", text).strip("_")[:60]


def put(path: Path, data: bytes | str) -> Problem | None:
    """Write `data` to `path` through a temporary file and a rename; a reader sees the old file or the new one.

    Where the old file is held open (Excel, WPS), the new one stays beside it as `name.新.ext` and the Problem says so.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.stem}.新{path.suffix}")
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_bytes(content)
    try:
        os.replace(temporary, path)
    except PermissionError:
        os.replace(temporary, beside)
        return held_open(path, beside)
    beside.unlink(missing_ok=True)
    return None


def held_open(path: Path, beside: Path) -> Problem:
    """The problem of a file that another program holds open."""
    return Problem(
        "file_held_open",
        path.name,
        "文件正被其他程序打开",
        "the file is open in another program",
        do_zh=f"请先关闭打开它的程序（如 WPS、Excel），再运行一次；新结果已保存为 {beside.name}",
        do_en=f"close the program that holds it and run again; the new result is beside it as {beside.name}",
    )


def put_all(files: dict[Path, bytes | str]) -> list[Path]:
    """Write every file; only then report those held open (exit 10), so that the others are there."""
    problems = [problem for path, data in files.items() if (problem := put(path, data)) is not None]
    stop(problems)
    return list(files)


def stop(problems: Iterable[Problem]) -> None:
    """Exit 10 if there is any problem."""
    found = list(problems)
    if found:
        raise PipelineError(FILE, found)
