"""SPSS files as text tables: variable names are the headings, variable labels the second header row, value labels the form.

Values stay codes. User-missing values are kept as their codes: which of them mean blank or not shown is said by the form
(`Told.missing`), so that nothing is lost in reading.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.readers.opened import SPSS, Opened
from pipeline.readers.refusals import refuse
from pipeline.readers.sheets.header_why import OWN_NAMES
from pipeline.readers.spss.labels import form_of
from pipeline.readers.spss.values import as_texts
from pipeline.readers.surveys.outline import Form
from pipeline.readers.text_table import NO_ROWS, TextTable, rows_with, tidy_headings

FAMILY = "spss"


def read_spss(opened: Opened) -> TextTable:
    """The table of a .sav or .zsav file; `source_row` is the ordinal of the case. Raises exit 10 when it is broken."""
    from pipeline.readers.spss.decoding import decode  # half a second that only SPSS files need

    found = decode(opened)
    if not found.frame.width:
        refuse("no_table", opened.path)
    positions = tuple(range(1, found.frame.width + 1))
    names = tuple(found.frame.columns)
    texts = as_texts(found.frame)
    return TextTable(
        path=opened.path,
        sheet="",
        columns=tidy_headings(names, positions),
        frame=texts.with_columns(source_row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)),
        header_rows=(),
        header_why=OWN_NAMES,
        family=FAMILY,
        encoding=found.encoding,
        encoding_evidence=found.evidence,
        positions=positions,
        notices=rows_with([] if texts.height else [0], NO_ROWS),
        header_cells=(names, tuple(found.said.column_names_to_labels.get(name) or "" for name in names)),
        form=form_of(found.said, texts, names),
    )


def spss_form(source: TextTable | Path | str) -> Form:
    """What an SPSS file says of its questions, by the name of the variable or of the multiple-response set.

    `source` is the file, or the table that was read from it (then nothing is read again). Raises exit 10 as the reader does.
    """
    if isinstance(source, TextTable):
        return source.form or {}
    path = Path(source)
    return read_spss(Opened(path, SPSS, path.read_bytes())).form or {}
