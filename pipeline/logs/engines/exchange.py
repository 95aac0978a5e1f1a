"""The folder through which this machine and a cluster hand each other Parquet: a path both can see, or an object store.

Nothing personal ever lies there: persons are numbers that mean nothing outside this run, and texts are not names.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pyarrow.fs as fs
import pyarrow.parquet as pq

from pipeline.logs.engines.protocol import Part

_STORED = "stored"


class Exchange:
    """A place of its own for one run, below `root` (a path, or an address such as `s3://bucket/folder`); removed by `close`."""

    def __init__(self, root: str) -> None:
        self.is_local = "://" not in root
        self.root = Path(root).resolve().as_posix() if self.is_local else root.rstrip("/")
        self.own = f"{self.root}/{uuid.uuid4().hex}"
        self.files, self._inside = fs.FileSystem.from_uri(Path(root).resolve().as_uri() if self.is_local else self.root)
        self.files.create_dir(self._path(self.own), recursive=True)

    def fresh(self, name: str) -> str:
        """An address that nothing has been written to yet."""
        return f"{self.own}/{name}-{uuid.uuid4().hex[:8]}"

    def put(self, name: str, frame: pl.DataFrame) -> str:
        """Hand a frame over; its address."""
        address = self.fresh(name)
        self.files.create_dir(self._path(address), recursive=True)
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        pq.write_table(table, f"{self._path(address)}/0.parquet", filesystem=self.files, compression="zstd")
        return address

    def bring(self, paths: Sequence[Path]) -> list[str]:
        """Where the other side finds files that lie here: in place if the folder is shared, else copied once and kept.

        Event files never change and their names tell what they were made from, so a copy of the same name is the same file.
        """
        if self.is_local:
            return [path.resolve().as_posix() for path in paths]
        known = {(path.parent.name, path.name): path for path in paths}
        for (folder, name), path in known.items():
            target = f"{self._path(self.root)}/{_STORED}/{folder}/{name}"
            if self.files.get_file_info(target).type == fs.FileType.NotFound:
                self.files.create_dir(target.rpartition("/")[0], recursive=True)
                fs.copy_files(path.resolve().as_posix(), target, destination_filesystem=self.files)
        return [f"{self.root}/{_STORED}/{folder}/{name}" for folder, name in known]

    def take(self, address: str, folder: Path) -> list[Part]:
        """Bring what was written partitioned by `part_0`, `part_1`, … at an address to `folder`; sorted by those values."""
        folder.mkdir(parents=True, exist_ok=True)
        parts = []
        for number, (values, source) in enumerate(sorted((_values(path), path) for path in self._found(address))):
            target = folder / f"{number:05}.parquet"
            if self.is_local:
                shutil.move(source, target)
            else:
                fs.copy_files(source, target.resolve().as_posix(), source_filesystem=self.files)
            if n_rows := pq.read_metadata(target).num_rows:
                parts.append(Part(values, target, n_rows))
        return parts

    def holds(self, address: str) -> bool:
        """Whether there is any Parquet at an address that we can see."""
        return bool(self._found(address))

    def remove(self, address: str) -> None:
        """Delete what lies at an address of this run."""
        with contextlib.suppress(FileNotFoundError):  # nothing was written there
            self.files.delete_dir(self._path(address))

    def close(self) -> None:
        """Delete everything of this run."""
        self.files.delete_dir(self._path(self.own))

    def _found(self, address: str) -> list[str]:
        """The Parquet files at an address; none where an engine had no rows to write."""
        selector = fs.FileSelector(self._path(address), allow_not_found=True, recursive=True)
        return [info.path for info in self.files.get_file_info(selector) if _is_data(info)]

    def _path(self, address: str) -> str:
        return self._inside + address[len(self.root) :]


def _is_data(info: fs.FileInfo) -> bool:
    name = Path(info.path).name
    return info.type == fs.FileType.File and name.endswith(".parquet") and not name.startswith(("_", "."))


def _values(path: str) -> tuple[str, ...]:
    return tuple(unquote(part.partition("=")[2]) for part in path.split("/") if part.startswith("part_"))
