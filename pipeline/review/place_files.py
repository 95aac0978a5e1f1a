"""Blocks appended to the TOML files of place/: what stands there stays as it is, comments too."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pipeline.contracts.toml import load_toml
from pipeline.contracts.toml_text import toml_block
from pipeline.errors import CONTRACT, FILE, Problem, fail
from pipeline.paths import Study
from pipeline.review.wave_links import wave_file, with_link

_FILES = {
    "spelling": ("spellings.toml", "经核对的写法 · reviewed spellings of codes"),
    "alias": ("aliases.toml", "经核对的别名 · reviewed names of places"),
    "not_alias": ("aliases.toml", "经核对的别名 · reviewed names of places"),
    "correction": ("corrections/review.toml", "审核工作簿中接受的更正 · corrections accepted in review workbooks"),
    "no_link": ("no_links.toml", "核对后不连接标准变量的题 · questions linked to no standard variable after a review"),
    "declined": ("declined.toml", "核对后认为不必更正 · proposed corrections that were declined"),
}


def append(study: Study, blocks: dict[str, list[dict[str, Any]]]) -> list[Path]:
    """Append blocks by the name of their table — links go into the files of their waves — and return the files written.

    Everything is put together and checked before the first file is touched. Raises exit 11 when a file cannot take blocks at
    its end (it ends inside something else), exit 10 when one cannot be written.
    """
    texts: dict[Path, str] = {}
    for block in blocks.get("link", ()):
        path = wave_file(study, block["wave"])
        texts[path] = with_link(path, texts.get(path) or _there(path), block)
    for name, rows in blocks.items():
        if rows and name != "link":
            file, comment = _FILES[name]
            path = study.place / file
            texts[path] = _longer(path, texts.get(path), name, rows, comment)
    for path, text in texts.items():
        _write(path, text)
    return list(texts)


def _longer(path: Path, so_far: str | None, name: str, rows: list[dict[str, Any]], comment: str) -> str:
    text = so_far if so_far is not None else _there(path)
    line = "\r\n" if "\r\n" in text else "\n"
    start = f"# {comment}\n" if not text.strip() else text.replace("\r\n", "\n").rstrip("\n") + "\n"
    made = start + "".join("\n" + toml_block(row, f"[[{name}]]") for row in rows)
    try:
        tomllib.loads(made)
    except tomllib.TOMLDecodeError as error:
        fail(
            CONTRACT,
            Problem("toml_not_appendable", str(path), f"文件末尾不能接着写 [[{name}]]", f"[[{name}]] cannot be appended to this file",
                    got=str(error), expected=f"[[{name}]]", do_zh=f"请把文件中的 {name} = [...] 改写成 [[{name}]] 块",
                    do_en=f"write the {name} = [...] of the file as [[{name}]] blocks"),
        )  # fmt: skip
    return made.replace("\n", line)


def _there(path: Path) -> str:
    """The file as it stands; '' where there is none. Raises exit 10 or 11 for one that cannot be read as TOML."""
    if not path.exists():
        return ""
    load_toml(path)
    return path.read_bytes().decode("utf-8")


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text.encode("utf-8"))
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        fail(
            FILE,
            Problem("place_unwritable", str(path), "无法写入这个文件", "the file cannot be written", got=type(error).__name__,
                    do_zh="请先关闭打开它的程序，再运行一次 apply（写过的不会重复写）",
                    do_en="close the program that holds it and apply again; nothing is written twice"),
        )  # fmt: skip
