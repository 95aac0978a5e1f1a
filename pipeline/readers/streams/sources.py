"""Bytes of a large file in order, some at a time; what was not used is given back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa

from pipeline.readers.opening.packed import open_packed
from pipeline.readers.refusals import refuse

_PIECE = 8_000_000
_AHEAD = 4  # pieces that are unpacked while others are read
Pieces = Iterator[tuple[bytes, int]]  # text, and the bytes of the file read so far


class Source(Protocol):
    """`offset` bytes of text were taken, which took `n_bytes` of the file on disk."""

    offset: int
    n_bytes: int

    def take(self, n: int) -> tuple[bytes, bool]:
        """Up to `n` bytes, and whether the text ends with them."""
        ...

    def give_back(self, n: int) -> None:
        """The last `n` bytes come again."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class PlainSource:
    """A file as it is. Raises exit 10 when it cannot be read."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self._path, self.offset = path, offset
        self._file = opened_file(path)
        self._size = path.stat().st_size

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


class PiecewiseSource:
    """Text that comes in pieces and cannot be sought: unpacked, or put into UTF-8. A thread works ahead."""

    def __init__(self, path: Path, pieces: Callable[[], Pieces], offset: int = 0) -> None:
        self.offset = self.n_bytes = 0
        self._queue: queue.Queue = queue.Queue(_AHEAD)
        self._is_closed = threading.Event()
        self._left, self._is_end = b"", False
        self._thread = threading.Thread(target=self._work, args=(path, pieces), daemon=True)
        self._thread.start()
        while self.offset < offset and not self._is_end:
            self.take(min(_PIECE, offset - self.offset))

    def _work(self, path: Path, pieces: Callable[[], Pieces]) -> None:
        try:
            for piece in pieces():
                if not self._put(piece):
                    return
            self._put(None)
        except Exception as error:  # it is raised where the text is used
            self._put(error)

    def _put(self, item: object) -> bool:
        while not self._is_closed.is_set():
            try:
                self._queue.put(item, timeout=0.2)
                return True
            except queue.Full:
                continue
        return False

    def take(self, n: int) -> tuple[bytes, bool]:
        parts, n_there = [self._left] if self._left else [], len(self._left)
        while n_there <= n and not self._is_end:  # one byte more tells that it is not the end
            item = self._queue.get()
            if isinstance(item, Exception):
                self._is_end = True
                raise item
            if item is None:
                self._is_end = True
            else:
                parts.append(item[0])
                n_there += len(item[0])
                self.n_bytes = item[1]
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        self._left = data[n:]
        data = data[:n] if len(data) > n else data
        self._last = data
        self.offset += len(data)
        return data, self._is_end and not self._left

    def give_back(self, n: int) -> None:
        if n:
            self._left = self._last[len(self._last) - n :] + self._left
            self._last = self._last[: len(self._last) - n]
            self.offset -= n

    def close(self) -> None:
        self._is_closed.set()


def unpacked_pieces(path: Path, kind: str) -> Pieces:
    """The content of a packed file. Raises exit 10 where it is broken or was cut off."""
    with opened_file(path) as file:
        try:
            stream = open_packed(file, kind)
            while piece := stream.read(_PIECE):
                yield piece, file.tell()
        except (OSError, pa.ArrowException) as error:
            refuse("zip_broken", path, got=type(error).__name__)


def plain_pieces(path: Path) -> Pieces:
    """The content of a file as it is."""
    with opened_file(path) as file:
        try:
            while piece := file.read(_PIECE):
                yield piece, file.tell()
        except OSError as error:
            refuse("file_unreadable", path, got=type(error).__name__)


def opened_file(path: Path) -> BinaryIO:
    """The file, unbuffered. Raises exit 10 when it cannot be opened."""
    try:
        return path.open("rb", buffering=0)
    except OSError as error:
        refuse("file_unreadable", path, got=type(error).__name__)
