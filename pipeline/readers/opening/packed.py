"""Files packed one by one: gzip (.gz) and Zstandard (.zst). What lies inside is read as if it lay there itself."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from pipeline.readers.refusals import refuse

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_MOST_UNPACKED = 1_000_000_000  # larger ones are read in blocks, if they are lines
_PIECE = 8_000_000


def packed_as(data: bytes) -> str | None:
    """gzip, zstd, or nothing.

    >>> packed_as(b"\\x1f\\x8b\\x08"), packed_as(b"a,b")
    ('gzip', None)
    """
    return next((name for magic, name in _MAGIC.items() if data.startswith(magic)), None)


def unpacked(path: Path, data: bytes) -> bytes:
    """What lies inside. Raises exit 10 when it is broken, was cut off, or is too large to be read whole."""
    parts, n = [], 0
    try:
        stream = open_packed(io.BytesIO(data), packed_as(data))
        while part := stream.read(_PIECE):
            parts.append(part)
            n += len(part)
            if n > _MOST_UNPACKED:
                refuse("zip_too_large", path, got=f"> {_MOST_UNPACKED / 1e6:,.0f} MB")
    except (OSError, pa.ArrowException) as error:
        refuse("zip_broken", path, got=type(error).__name__)
    return b"".join(parts)


def open_packed(file: BinaryIO, kind: str) -> pa.CompressedInputStream:
    """The content as a stream of bytes. Its `read` raises OSError where it is broken or was cut off."""
    return pa.CompressedInputStream(pa.PythonFile(file, mode="r"), kind)
