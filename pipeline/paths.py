"""Where things lie. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
REPOSITORY = PACKAGE.parent
METADATA = PACKAGE / "metadata"


@dataclass(frozen=True)
class Study:
    """One study folder: files as received, what is true only there, and everything built from them."""

    root: Path
    out: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def place(self) -> Path:
        return self.root / "place"

    @property
    def manifest(self) -> Path:
        return self.raw / "MANIFEST.csv"

    @property
    def key(self) -> Path:
        return self.root / ".key"

    @property
    def processed(self) -> Path:
        return self.out

    @property
    def warehouse(self) -> Path:
        return self.out / "warehouse.duckdb"

    @property
    def warehouse_part(self) -> Path:
        return self.out / "warehouse.duckdb.part"

    @property
    def events(self) -> Path:
        return self.out / "events"

    @property
    def validation(self) -> Path:
        return self.out / "validation.html"

    @property
    def findings_root(self) -> Path:
        return self.out / "findings"

    def findings(self, period: str) -> Path:
        """The folder of one reporting period, for example 2023Q2."""
        return self.findings_root / period

    @property
    def return_dir(self) -> Path:
        return self.out / "return"

    @property
    def review_dir(self) -> Path:
        return self.out / "review"

    @property
    def review(self) -> Path:
        return self.review_dir / "review.xlsx"

    @property
    def notebooks(self) -> Path:
        return self.out / "notebooks"

    @property
    def hashes(self) -> Path:
        """The hashes of the raw files, as last seen."""
        return self.out / "hashes.json"

    @property
    def state(self) -> Path:
        """What the last good build was made from; lets a second run say that nothing changed."""
        return self.out / "state.json"


def study(data: Path | str = "data", out: Path | str | None = None) -> Study:
    """The study at `data`; what is built goes to `out`, by default `data/processed`.

    >>> study("data").warehouse.name
    'warehouse.duckdb'
    """
    root = Path(data).resolve()
    return Study(root=root, out=Path(out).resolve() if out else root / "processed")
