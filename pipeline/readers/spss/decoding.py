"""An SPSS file taken apart by pyreadstat, in the encoding that its Chinese really has.

Files saved by a Chinese SPSS without Unicode hold GBK. Some say so; some say nothing, or Latin, or UTF-8, and then either
fail to decode (pyreadstat #74, ReadStat #90) or come out as `ÆïÊÖ`. Both are read again as GB18030.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyreadstat

from pipeline.readers.opened import Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.text.encoding_guess import chinese_share, strictly

_CHINESE = "GB18030"
_LATIN = {"windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-1": "latin-1", "cp819": "latin-1"}
_PERIODS = ("QYR", "MOYR", "WKYR")  # quarters, months and weeks: dates that pyreadstat leaves as seconds unless told
_PROBE, _FEWEST, _SURE = 200, 4, 0.9


@dataclass(frozen=True)
class Decoded:
    """Values (user-missing ones included), what the file says of its variables, and the encoding with what spoke for it."""

    frame: pl.DataFrame
    said: Any
    encoding: str
    evidence: str


def decode(opened: Opened) -> Decoded:
    """The content of a .sav or .zsav file. Raises exit 10 when it is broken.

    `opened.encoding` is what a contract says of the encoding; without it the file's own word holds, unless Chinese comes
    out of it as Latin letters, or not at all.
    """
    if opened.encoding:
        frame, said = _read(opened, opened.encoding)
        return Decoded(frame, said, opened.encoding, "来源合同指定")
    try:
        frame, said = _take(opened.data, None)
    except pyreadstat.ReadstatError as error:
        if "encoding" not in str(error) and "byte sequence" not in str(error):
            refuse("spss_broken", opened.path, got=type(error).__name__)
        return _in_chinese(opened, "按文件声明的编码解不开，按 GB18030 可以")
    except (ValueError, OverflowError, UnicodeError, pyreadstat.PyreadstatError) as error:
        refuse("spss_broken", opened.path, got=type(error).__name__)
    declared = said.file_encoding or "UTF-8"
    if _is_chinese_as_latin(frame, said, _LATIN.get(declared.lower())):
        return _in_chinese(opened, f"声明的是 {declared}，但字节成对，是常用汉字")
    return Decoded(frame, said, declared.lower(), "文件自己的声明")


def _in_chinese(opened: Opened, evidence: str) -> Decoded:
    frame, said = _read(opened, _CHINESE)
    return Decoded(frame, said, _CHINESE.lower(), evidence)


def _read(opened: Opened, encoding: str) -> tuple[pl.DataFrame, Any]:
    try:
        return _take(opened.data, encoding)
    except (ValueError, OverflowError, UnicodeError, pyreadstat.ReadstatError, pyreadstat.PyreadstatError) as error:
        refuse("spss_broken", opened.path, got=type(error).__name__, expected=encoding)


def _take(data: bytes, encoding: str | None) -> tuple[pl.DataFrame, Any]:
    _, said = pyreadstat.read_sav(io.BytesIO(data), metadataonly=True, encoding=encoding, output_format="polars")
    periods = {kind for kind in said.original_variable_types.values() if kind.startswith(_PERIODS)}
    return pyreadstat.read_sav(
        io.BytesIO(data),
        encoding=encoding,
        user_missing=True,
        output_format="polars",
        extra_date_formats=sorted(periods) or None,
    )


def _is_chinese_as_latin(frame: pl.DataFrame, said: Any, latin: str | None) -> bool:
    if latin is None:
        return False
    texts = [*frame.columns, *filter(None, said.column_labels)]
    texts += [label for labels in said.variable_value_labels.values() for label in labels.values()]
    for column in frame.select(pl.col(pl.String)):
        texts += column.drop_nulls().unique(maintain_order=True).head(_PROBE).to_list()
    raw = " ".join(texts).encode(latin, errors="ignore")
    n_high = sum(byte > 0x7F for byte in raw)
    return n_high >= _FEWEST and chinese_share(raw) >= _SURE and strictly(raw, _CHINESE) is not None
