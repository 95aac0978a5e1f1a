"""Bytes of a large file in order, some at a time; what was not used is given back."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pipeline.readers.refusals import refuse


class Source(Protocol):
    """`offset` bytes of text were taken, which took `n_bytes` of the file on disk."""

    offset: int
    n_bytes: int

    def take(self, n: int) -> tuple[bytes, bool]:
        """Up to `n` bytes, and whether the file ends with them."""
        ...

    def give_back(self, n: int) -> None:
        """The last `n` bytes come again."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class PlainSource:
    """A file as it is."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        try:
            self._file = path.open("rb", buffering=0)
            self._size = path.stat().st_size
        except OSError as error:
            refuse("file_unreadable", path, got=type(error).__name__)
        self._path, self.offset = path, offset

    @property
    def n_bytes(self) -> int:
        return self.offset

    def take(self, n: int) -> tuple[bytes, bool]:
        n = min(n, self._size - self.offset)
        parts = []
        try:
            self._file.seek(self.offset)
            while n and (part := self._file.read(n)):
                parts.append(part)
                n -= len(part)
        except OSError as error:
            refuse("file_unreadable", self._path, got=type(error).__name__)
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self.offset += len(data)
        return data, n > 0 or self.offset >= self._size

    def give_back(self, n: int) -> None:
        self.offset -= n

    def close(self) -> None:
        self._file.close()
