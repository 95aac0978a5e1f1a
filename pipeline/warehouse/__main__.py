"""Write docs/data_dictionary.md from the schema and the marts: `python -m pipeline.warehouse`."""

from __future__ import annotations

from pipeline.paths import REPOSITORY
from pipeline.warehouse import dictionary, marts
from pipeline.warehouse.load import create

PAGE = REPOSITORY / "docs" / "data_dictionary.md"


def current() -> str:
    """The page as it should be now."""
    with create() as con:
        marts.build(con)
        return dictionary.page(marts.described(con))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(current(), encoding="utf-8", newline="\n")
