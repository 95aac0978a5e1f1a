"""Questions answered with options — single, scale, matrix, multiple, ranking — to answer rows.

`unknown` collects what the wave does not list: source_row, question_code, heading, text.
"""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.cells import cells_of, rows
from pipeline.clean.surveys.options import (
    TICKED,
    UNTICKED,
    Found,
    joined_splitter,
    numeric_value,
    open_option,
    option_finder,
    option_table,
    scale_point,
)
from pipeline.contracts import Option, Question
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import AnswerColumn, Dialect

Decoded = tuple[pl.DataFrame, pl.DataFrame]


def unknown_rows(cells: pl.DataFrame, column: AnswerColumn) -> pl.DataFrame:
    """Cells that name no option of the wave, for the list of what is unknown."""
    return cells.select(
        "source_row",
        pl.lit(column.question.code).alias("question_code"),
        pl.lit(column.heading).alias("heading"),
        pl.col("text").cast(pl.String),
    )


def read_single(frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect, *, form: str) -> Decoded:
    """Single choice, scale or matrix: one column per row of the question; the option's code is the value."""
    answers, unknown = [], []
    for column in columns:
        question = column.question
        cells = cells_of(frame, column, dialect, coded=True)
        other = open_option(question, bare_other=dialect.bare_other)
        table = option_table(cells["text"], question, form=form, other=other)
        if question.type == "scale" and form == "text":
            by_number = option_table(cells["text"], question, form="number")
            table = table.update(by_number.filter(pl.col("option").is_not_null()), on="text", how="left")
        cells = cells.join(table, on="text", how="left", maintain_order="left")
        answered = pl.col("state") == "answered"
        unknown.append(unknown_rows(cells.filter(answered & pl.col("option").is_null()), column))
        point = numeric_value if question.type == "single" else scale_point
        points = {option.code: point(option) for option in question.options}
        number = pl.col("option").replace_strict(points, default=None, return_dtype=pl.Float64)
        answers.append(
            rows(
                cells,
                question.code,
                item_code=column.item,
                value_text=pl.when(answered).then(pl.col("option")),
                value_number=pl.when(answered).then(number),
            )
        )
        answers.append(_filled(cells, question, item=column.item))
    return pl.concat(answers), pl.concat(unknown)


def _filled(cells: pl.DataFrame, question: Question, item: str = "") -> pl.DataFrame:
    """The fill-in text beside an option, as a row of its own under the option's code."""
    filled = cells.filter((pl.col("state") == "answered") & pl.col("filled").is_not_null())
    return rows(
        filled,
        question.code,
        item_code=item,
        option_code=pl.col("option"),
        value_text=pl.col("filled"),
        is_fill_in=pl.lit(True),
    )


def read_joined(frame: pl.DataFrame, column: AnswerColumn, dialect: Dialect, *, form: str) -> Decoded:
    """Multiple choice or ranking in one cell: one row per respondent and option, 1/0 or the rank."""
    question = column.question
    cells = cells_of(frame, column, dialect, coded=True)
    separators = (dialect.arrow,) if question.type == "ranking" else dialect.separators
    distinct = cells.filter(pl.col("state") == "answered")["text"].unique().to_list()
    other = open_option(question, bare_other=dialect.bare_other)
    split = joined_splitter(question, separators, form=form, other=other)
    parts = {text: split(text) for text in distinct}
    known = [(text, *part) for text, found in parts.items() for part in _placed(found or [], question)]
    ticked = pl.DataFrame(
        known,
        schema={"text": pl.String, "option": pl.String, "filled": pl.String, "rank": pl.Float64, "place": pl.Int64},
        orient="row",
    ).unique(["text", "option"], keep="first", maintain_order=True)
    ticked = ticked.with_columns(screen_text(ticked["filled"]))
    bad = cells.filter(pl.col("text").is_in([text for text, found in parts.items() if found is None]))
    return _grid(cells, ticked, question), unknown_rows(_strip_known(bad, question, separators, form), column)


def _placed(found: list[Found], question: Question) -> list[tuple[str, str | None, float, int | None]]:
    """Option, what was filled in, its rank, and its place in the cell — the place only where several answers do not stand
    in the order of the questionnaire."""
    order = [option.code for option in question.options]
    usual = question.type == "ranking" or [code for code in order if code in dict(found)] == [code for code, _ in found]
    return [(code, text, float(rank), None if usual else rank) for rank, (code, text) in enumerate(found, start=1)]


def _strip_known(bad: pl.DataFrame, question: Question, separators: tuple[str, ...], form: str) -> pl.DataFrame:
    """Of a joined cell that does not resolve, only the parts that are no option."""
    if bad.is_empty():
        return bad
    find = option_finder(question.options, form=form)

    def strange(text: str) -> list[str]:
        return [part for part in _pieces(text, question.joined[1:2] or separators) if find(part) is None] or [text]

    parts = bad.with_columns(pl.col("text").map_elements(strange, return_dtype=pl.List(pl.String)))
    return parts.explode("text")


def _pieces(text: str, separators: tuple[str, ...]) -> list[str]:
    for separator in separators:
        if separator in text:
            return [part.strip() for part in text.split(separator)]
    return [text]


def _grid(cells: pl.DataFrame, ticked: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Every respondent × every option; of an answered multiple question the unticked ones are 0, of a ranking the
    unranked ones have no number."""
    options = pl.DataFrame({"option": [option.code for option in question.options]}, schema={"option": pl.String})
    grid = cells.join(options, how="cross").join(ticked, on=["text", "option"], how="left", maintain_order="left")
    answered = pl.col("state") == "answered"
    ranked = question.type == "ranking"
    value = pl.col("rank") if ranked else pl.col("rank").is_not_null().cast(pl.Float64)
    return rows(
        grid,
        question.code,
        option_code=pl.col("option"),
        value_text=pl.when(answered).then(pl.col("filled")),
        value_number=pl.when(answered).then(value),
        cell_position=pl.when(answered).then(pl.col("place")),
    )


def read_per_option(frame: pl.DataFrame, columns: list[AnswerColumn], dialect: Dialect, *, form: str) -> Decoded:
    """Multiple choice or ranking with one column per option: 1/0, the option's wording or nothing, or the rank."""
    question = columns[0].question
    options = {option.code: option for option in question.options}
    read, unknown = [], []
    for column in columns:
        cells = cells_of(frame, column, dialect, coded=True)
        decoded = _ranks(cells) if question.type == "ranking" else _ticks(cells, options[column.option], form)
        answered = pl.col("state") == "answered"
        unknown.append(unknown_rows(decoded.filter(answered & pl.col("number").is_null()), column))
        read.append(decoded.with_columns(option=pl.lit(column.option)))
    grid = _settle(pl.concat(read), question)
    answers = rows(
        grid,
        question.code,
        option_code=pl.col("option"),
        value_text=pl.col("filled"),
        value_number=pl.col("number"),
    )
    return answers, pl.concat(unknown)


def _ticks(cells: pl.DataFrame, option: Option, form: str) -> pl.DataFrame:
    """number 1, 0 or null (no tick mark at all), and the fill-in text."""
    table = option_table(cells["text"], Question("", 0, "single", "", options=(option,)), form=form)
    cells = cells.join(table, on="text", how="left", maintain_order="left")
    mark = pl.col("text").is_in([*TICKED, *UNTICKED])
    named = pl.col("option").is_not_null()
    unticked = pl.col("text").is_in(UNTICKED) & ~(named if form == "text" else pl.lit(False))
    free = pl.lit(option.fill_in) & (pl.col("state") == "answered") & ~mark & pl.col("option").is_null()
    cells = cells.with_columns(filled=pl.when(free).then(pl.col("text")).otherwise(pl.col("filled")))
    return cells.with_columns(screen_text(cells["filled"])).select(
        "source_row",
        "state",
        "missing_mark",
        "text",
        "filled",
        number=pl.when(pl.col("state") != "answered")
        .then(None)
        .when(unticked)
        .then(0.0)
        .when(pl.col("text").is_in(TICKED) | named | free)
        .then(1.0),
    )


def _ranks(cells: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("text").cast(pl.Float64, strict=False)
    return cells.select(
        "source_row",
        "state",
        "missing_mark",
        "text",
        filled=pl.lit(None, dtype=pl.String),
        number=pl.when(pl.col("state") == "answered").then(number),
    )


def _settle(grid: pl.DataFrame, question: Question) -> pl.DataFrame:
    """One state for the whole question of a respondent: not shown where any column says so; answered where anything is
    ticked or ranked; else blank. A text export writes a question with nothing ticked as empty, so 0 in every column is
    blank too — the one reading both forms share."""
    marked = (pl.col("number") > 0).any().over("source_row")
    skipped = (pl.col("state") == "not_shown").any().over("source_row")
    state = pl.when(marked).then(pl.lit("answered")).when(skipped).then(pl.lit("not_shown")).otherwise(pl.lit("blank"))
    empty = None if question.type == "ranking" else 0.0
    number = pl.when(pl.col("number") > 0).then(pl.col("number")).otherwise(pl.lit(empty, dtype=pl.Float64))
    return grid.with_columns(state=state, number=pl.when(marked).then(number))
