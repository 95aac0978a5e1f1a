"""Read one TOML file as a person in an office saves it, or say in plain words what to change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import CONTRACT, FILE, Problem, fail

_FULL_WIDTH = {"＝": "=", "“": '"', "”": '"', "‘": "'", "’": "'", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')


def load_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises `PipelineError`: 10 when the file cannot be read; 11 when it starts with a byte-order mark, is not UTF-8,
    holds full-width signs where TOML wants half-width ones, or is broken otherwise. All full-width signs are listed at
    once, with their lines.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        fail(
            FILE,
            Problem(
                "toml_unreadable", str(path), "无法读取文件", "the file cannot be read", got=type(error).__name__,
                do_zh="请检查文件是否存在、是否被其他程序占用", do_en="check that it exists and is not held by another program",
            ),
        )  # fmt: skip
    text = _decode(path, data)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        signs = _full_width_signs(path, text)
        if signs:
            fail(CONTRACT, *signs)
        fail(
            CONTRACT,
            Problem(
                "toml_broken", str(path), "TOML 格式有误", "this is not valid TOML", got=str(error),
                do_zh="请按提示的行号修改；文字要加英文引号，等号用半角 =",
                do_en="mend the line named; text needs straight quotes, the equals sign is =",
            ),
        )  # fmt: skip


def _decode(path: Path, data: bytes) -> str:
    do = {
        "do_zh": "请用记事本“另存为”，编码选“UTF-8”（不要选“带有 BOM 的 UTF-8”）",
        "do_en": "save it again as UTF-8 without a byte-order mark",
    }
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        fail(
            CONTRACT,
            Problem("toml_encoding", str(path), "文件编码不对", "wrong encoding", got="UTF-16", expected="UTF-8", **do),
        )
    if data.startswith(b"\xef\xbb\xbf"):
        fail(
            CONTRACT,
            Problem("toml_bom", str(path), "文件开头有 BOM 标记", "the file starts with a byte-order mark",
                    got="UTF-8 BOM", expected="UTF-8", **do),
        )  # fmt: skip
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        got = "GBK / GB18030" if _is_gb18030(data) else "?"
        fail(
            CONTRACT,
            Problem("toml_encoding", f"{path}:{line}", "文件不是 UTF-8 编码", "the file is not UTF-8",
                    got=got, expected="UTF-8", **do),
        )  # fmt: skip


def _is_gb18030(data: bytes) -> bool:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return True


def _full_width_signs(path: Path, text: str) -> list[Problem]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = _QUOTED.sub("", line.split("#", 1)[0])
        for sign in sorted(set(bare) & set(_FULL_WIDTH)):
            found.append(
                Problem("toml_full_width", f"{path}:{number}", "用了全角符号", "a full-width sign",
                        got=sign, expected=_FULL_WIDTH[sign],
                        do_zh="请改成英文（半角）符号", do_en="type the half-width sign"),
            )  # fmt: skip
    return found


class Reader:
    """Takes values out of one TOML table and collects everything that is wrong with it.

    `where` names the file and block in messages. Call `finish()` once at the end of a file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def get(
        self, table: dict[str, Any], name: str, kind: type | tuple[type, ...], where: str, default: Any = ...
    ) -> Any:
        """`table[name]` when it is of `kind`; otherwise the default and a noted problem."""
        if name not in table:
            if default is ...:
                self.note(where, f"缺少 {name}", f"{name} is missing", expected=f"{name} = …")
                return None
            return default
        value = table[name]
        wrong_bool = isinstance(value, bool) and bool not in (kind if isinstance(kind, tuple) else (kind,))
        wrong_time = (
            isinstance(value, datetime) and kind is date
        )  # a datetime is a date to Python, and not to be compared with one
        if not isinstance(value, kind) or wrong_bool or wrong_time:
            names = kind if isinstance(kind, tuple) else (kind,)
            expected = " / ".join(k.__name__ for k in names)
            self.note(
                where, f"{name} 的类型不对", f"{name} has the wrong type", got=type(value).__name__, expected=expected
            )
            return None if default is ... else default
        return value

    def blocks(self, table: dict[str, Any], name: str, default: Any = ...) -> list[dict[str, Any]]:
        """The `[[name]]` blocks of a file; what stands in such a list and is no block is noted."""
        found = self.get(table, name, list, "", default) or []
        for number, block in enumerate(found, start=1):
            if not isinstance(block, dict):
                self.note(
                    f"[[{name}]] {number}", "应为一段设定", "a block is wanted", got=f"{block}", expected=f"[[{name}]]"
                )
        return [block for block in found if isinstance(block, dict)]

    def choice(self, table: dict[str, Any], name: str, allowed: Iterable[str], where: str, default: Any = ...) -> Any:
        """A text that must be one of `allowed`."""
        value = self.get(table, name, str, where, default)
        allowed = list(allowed)
        if value is not None and value != default and value not in allowed:
            self.note(where, f"{name} 取值不认识", f"{name} is not known", got=str(value), expected=" / ".join(allowed))
        return value

    def known(self, table: dict[str, Any], names: Iterable[str], where: str) -> None:
        """Note every key that nobody would read: a slip of the pen is not silently ignored."""
        allowed = set(names)
        for name in table:
            if name not in allowed:
                self.note(where, f"不认识的键 {name}", f"unknown key {name}", expected=" ".join(sorted(allowed)))

    def note(self, where: str, zh: str, en: str, *, got: str = "", expected: str = "") -> None:
        """Remember one problem of this file."""
        place = f"{self.path} {where}".rstrip()
        self.problems.append(
            Problem("contract_invalid", place, zh, en, got, expected, "请修改该 TOML 文件", "mend this TOML file")
        )

    def finish(self) -> None:
        """Raise all problems of the file at once (exit 11), or return."""
        if self.problems:
            fail(CONTRACT, *self.problems)
