"""A file that was opened and recognised, on its way to the reader of its kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORKBOOK, DELIMITED, JSON, JSONLINES, PARQUET = "workbook", "delimited", "json", "jsonlines", "parquet"
_PACKED = (".gz", ".gzip", ".zst", ".zstd")
HTML, XML, ARCHIVE, SPSS = "html", "xml", "archive", "spss"


@dataclass(frozen=True)
class Opened:
    """A file's content: bytes of a workbook, archive, Parquet or SPSS file, or decoded text with its encoding and what that was
    told from. `path` of a file inside an archive is made of both names; it is only shown."""

    path: Path
    kind: str
    data: bytes = b""
    text: str = ""
    encoding: str = ""
    evidence: str = ""

    @property
    def name(self) -> str:
        """The name of what is inside: `a.csv` for `a.csv.gz`."""
        return bare_name(self.path)


def bare_name(path: Path) -> str:
    """A file's name without the ending of its packing.

    >>> bare_name(Path("log.tsv.gz")), bare_name(Path("log.csv"))
    ('log.tsv', 'log.csv')
    """
    return path.stem if path.name.lower().endswith(_PACKED) else path.name
