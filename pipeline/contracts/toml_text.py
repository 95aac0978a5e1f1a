"""Writes TOML: plain values, and blocks of tables in the order given. Only what place/ needs."""

from __future__ import annotations

from datetime import date
from typing import Any

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def toml_value(value: Any) -> str:
    """One value as TOML.

    >>> toml_value(["a", 1, True])
    '["a", 1, true]'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml_value(item)}" for name, item in value.items()) + " }"
    return '"' + "".join(_escaped(sign) for sign in str(value)) + '"'


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x20 or ord(sign) == 0x7F else sign


def toml_block(values: dict[str, Any], header: str = "") -> str:
    """One table; keys whose value is None are left out, a list of tables goes one to a line."""
    lines = [header] if header else []
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines += [f"{name} = [", *(f"  {toml_value(item)}," for item in value), "]"]
        else:
            lines.append(f"{name} = {toml_value(value)}")
    return "\n".join(lines) + "\n"


def toml_file(comment: str, head: dict[str, Any], blocks: list[tuple[str, dict[str, Any]]]) -> str:
    """A whole file: a comment, top-level values, then blocks."""
    parts = ["".join(f"# {line}\n" for line in comment.splitlines())]
    if head:
        parts.append(toml_block(head))
    parts += [toml_block(values, header) for header, values in blocks]
    return "\n".join(parts)
