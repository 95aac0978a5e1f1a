"""JSON lines that are all written alike: the same names in the same order, texts without escapes. Cut at their quotes they
have the same number of parts: names and signs, which never change, and values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.readers.streams.byte_checks import lines_seen

_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_FEW = 50  # one line in so many may be unlike the others
_BARE = rf"^[ \t]*:[ \t]*({_NUMBER}|true|false|null)[ \t]*([,}}])[ \t]*$"


@dataclass
class Shape:
    """Parts of a line: `fixed` index → text that never changes, `texts` name → index of its value, `bare` name → index of the
    part that holds a number, true, false or null between its signs."""

    n_parts: int
    fixed: dict[int, str] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    bare: dict[str, int] = field(default_factory=dict)


def shape_of(line: str) -> Shape | None:
    """The shape of a line; nothing where it is nested, has escapes or repeats a name.

    >>> shape = shape_of('{"at":"8:03","n":2,"by":"甲"}')
    >>> shape.texts, shape.bare
    ({'at': 3, 'by': 9}, {'n': 6})
    """
    line = line.rstrip("\r\n")
    parts = line.split('"')
    shape = Shape(len(parts))
    if "\\" in line or len(parts) < 3 or parts[0].strip(" \t") != "{":
        return None
    shape.fixed[0] = parts[0]
    i = 1
    while i + 1 < len(parts):
        name, after = parts[i], parts[i + 1]
        if name in shape.texts or name in shape.bare:
            return None
        shape.fixed[i] = name
        if after.strip(" \t") == ":" and i + 3 < len(parts):
            shape.fixed[i + 1], shape.texts[name], shape.fixed[i + 3] = after, i + 2, parts[i + 3]
            i += 4
        else:
            shape.bare[name] = i + 1
            i += 2
    return shape if _is_sound(shape, line) else None


def _is_sound(shape: Shape, line: str) -> bool:
    """Whether the parts were told apart as a parser does."""
    try:
        value = json.loads(line, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return False
    flat = isinstance(value, dict) and not any(isinstance(each, dict | list) for each in value.values())
    return (
        flat and set(value) == {*shape.texts, *shape.bare} and all(isinstance(value[name], str) for name in shape.texts)
    )


def cut_alike(
    data: bytes, shape: Shape, wanted: Mapping[int, str], kinds: Mapping[int, pl.DataType], line: int
) -> pl.DataFrame | None:
    """c{i} of the `wanted` names and `source_row`, if every line has this shape; else nothing."""
    seen = lines_seen(data, '"', has_quotes=False)
    n_rows = seen.n_lines + (not data.endswith(b"\n"))
    n_plain = seen.n_lines + seen.n_pairs
    if seen.n_low != n_plain or seen.n_cuts != (shape.n_parts - 1) * n_rows or b"\\" in data or b"\t" in data:
        return None
    at = {index: i for i, name in wanted.items() if (index := shape.texts.get(name)) is not None}
    schema = {f"p{i}": pl.Categorical(pl.Categories.random()) for i in range(shape.n_parts)}
    schema |= {f"p{index}": kinds[i] for index, i in at.items()}
    schema |= {f"p{index}": pl.String() for index in shape.texts.values() if index not in at}
    try:
        parts = pl.read_csv(data, separator='"', quote_char=None, has_header=False, schema=schema)
    except pl.exceptions.PolarsError:
        return None
    if parts.height != n_rows or not all(_is_fixed(parts[f"p{i}"], text) for i, text in shape.fixed.items()):
        return None
    columns = [pl.int_range(line, line + n_rows, dtype=pl.Int64, eager=True).alias("source_row")]
    bare = {name: _bare_values(parts[f"p{i}"], is_last=i == shape.n_parts - 1) for name, i in shape.bare.items()}
    if any(values is None for values in bare.values()):
        return None
    for i, name in wanted.items():
        values = parts[f"p{shape.texts[name]}"] if name in shape.texts else bare.get(name)
        values = values if values is not None else pl.Series([None], dtype=pl.String).new_from_index(0, n_rows)
        columns.append(values.cast(kinds[i]).alias(f"c{i}"))
    return pl.DataFrame(columns)


def unlike(data: bytes, shape: Shape) -> tuple[list[tuple[int, bytes]], bytes, pl.Series] | None:
    """The few lines that cannot have this shape (their place, and what stands there), the others together, and the places of
    the others; nothing where they are not few.

    >>> shape = shape_of('{"n":2}')
    >>> odd, rest, places = unlike(b'{"n":3}\\n' * 200 + b'{"n\\n', shape)
    >>> odd, rest.count(b"\\n"), len(places)
    ([(200, b'{"n\\n')], 200, 200)
    """
    lines = data.split(b"\n")
    lines.pop() if not lines[-1] else None
    texts = pl.Series(lines, dtype=pl.Binary).cast(pl.String, strict=False)
    is_like = texts.str.count_matches('"', literal=True) == shape.n_parts - 1
    is_like &= texts.str.ends_with("}") | texts.str.ends_with("}\r")
    is_like &= ~(texts.str.contains("\\", literal=True) | texts.str.contains("\t", literal=True))
    is_like = is_like.fill_null(False)
    places = (~is_like).arg_true().to_list()
    if not places or len(places) * _FEW > len(lines):
        return None
    odd = [(place, lines[place] + b"\n") for place in places]
    rest = b"\n".join(texts.filter(is_like).cast(pl.Binary).to_list()) + b"\n"
    return odd, rest, is_like.arg_true()


def _is_fixed(part: pl.Series, text: str) -> bool:
    if not text:
        return part.null_count() == len(part)
    return not part.null_count() and part.to_physical().max() == 0 and part[0] == text


def _bare_values(part: pl.Series, *, is_last: bool) -> pl.Series | None:
    """The values of numbers, as they are written; nothing where a part is something else."""
    texts = part.unique()
    ends = texts.cast(pl.String).str.extract(_BARE, 2)
    if ends.null_count() or not (ends == ("}" if is_last else ",")).all():
        return None
    values = texts.cast(pl.String).str.extract(_BARE, 1)
    values = values.replace(["true", "false", "null"], ["TRUE", "FALSE", None])
    dense = pl.DataFrame({"n": pl.int_range(int(texts.to_physical().max()) + 1, dtype=pl.UInt32, eager=True)})
    dense = dense.join(
        pl.DataFrame({"n": texts.to_physical(), "value": values}), on="n", how="left", maintain_order="left"
    )
    return dense["value"].gather(part.to_physical())
