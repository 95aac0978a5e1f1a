"""Answer sheets as a matrix of small numbers: what comparing thousands of them with each other works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pipeline.contracts import Wave

NOT_ANSWERED = -1
CLOSED = ("single", "scale", "matrix", "multiple", "ranking", "number", "allocation")


@dataclass(frozen=True)
class Sheets:
    """`ids` the respondents, in the order of clean.respondents; `cells` the names of the columns, question/item/option (a
    multiple question has one per option); `codes` respondent × cell: 0, 1 … (in order for numbers), −1 not answered (blank or not
    shown)."""

    ids: np.ndarray
    cells: tuple[str, ...]
    codes: np.ndarray

    @property
    def answered(self) -> np.ndarray:
        """Whether there is an answer: respondent × cell."""
        return self.codes >= 0


def sheets_of(respondents: pl.DataFrame, answers: pl.DataFrame, wave: Wave) -> Sheets:
    """The closed answers of a wave. Attention checks are left out (everybody ticks the same), free text is, and so are
    cells that everybody answers alike."""
    closed = [
        question.code
        for question in wave.questions
        if question.type in CLOSED and not question.personal and question.expected is None
    ]
    measured = [question.code for question in wave.questions if question.type in ("number", "allocation")]
    keys = ["question_code", "item_code", "option_code"]
    rows = answers.filter(
        pl.col("question_code").is_in(closed) & (pl.col("state") == "answered") & ~pl.col("is_fill_in")
    ).select(
        "respondent_id",
        *keys,
        text="value_text",
        number=pl.when(pl.col("question_code").is_in(measured) | pl.col("value_text").is_null()).then("value_number"),
    )
    rows = rows.filter(pl.col("text").is_not_null() | pl.col("number").is_not_null())
    ids = respondents["respondent_id"]
    place = pl.DataFrame({"respondent_id": ids, "row": np.arange(len(ids))})
    cells = rows.select(keys).unique().with_columns(cell=pl.concat_str(keys, separator="/")).sort("cell")
    names = cells["cell"]
    cells = cells.select(*keys, column=pl.int_range(pl.len()))
    rows = rows.join(place, on="respondent_id", maintain_order="left").join(cells, on=keys, maintain_order="left")
    by_number, by_text = (pl.col(name).rank("dense").over("column").cast(pl.Int64) - 1 for name in ("number", "text"))
    coded = rows.select("row", "column", code=pl.coalesce(by_number, by_text)).reverse()  # of two, the first stays
    codes = np.full((len(ids), len(names)), NOT_ANSWERED, dtype=np.int16)
    codes[coded["row"].to_numpy(), coded["column"].to_numpy()] = coded["code"].to_numpy()
    telling = codes.max(axis=0, initial=NOT_ANSWERED) > 0
    return Sheets(ids.to_numpy(), tuple(names.filter(pl.Series(telling, dtype=pl.Boolean))), codes[:, telling])
