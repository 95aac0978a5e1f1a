"""Questions answered with free content — number, text, date, place, allocation — to answer rows."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.cells import cells_of, rows
from pipeline.contracts import Question
from pipeline.privacy import screen_text
from pipeline.readers.surveys.layout import AnswerColumn, Dialect, fold

_WIDE_DIGITS = dict(zip("０１２３４５６７８９．－", "0123456789.-", strict=True))


def number_in(text: pl.Expr) -> pl.Expr:
    """The one number in a text (`35岁`, full-width digits); null when there is none or more than one."""
    narrow = text.str.replace_many(_WIDE_DIGITS).str.strip_chars()
    found = narrow.str.extract_all(r"-?\d+(?:\.\d+)?")
    return pl.when(found.list.len() == 1).then(found.list.first().cast(pl.Float64, strict=False))


def read_dates(text: pl.Series) -> pl.Series:
    """Dates in ISO form, from `2023/9/8`, `2023-09-08`, `2023.9.8`, `2023年9月8日`; what stands behind one (a time of day)
    stays. Null where no such date stands.

    >>> read_dates(pl.Series(["2023年9月8日", "2023/9/8 7:05", "去年"])).to_list()
    ['2023-09-08', '2023-09-08 7:05', None]
    """
    pattern = r"^\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    parts = [text.str.extract(pattern, index) for index in (1, 2, 3)]
    frame = pl.DataFrame({"year": parts[0], "month": parts[1], "day": parts[2]})
    joined = pl.concat_str(["year", pl.col("month").str.zfill(2), pl.col("day").str.zfill(2)], separator="-")
    iso = joined.str.to_date("%Y-%m-%d", strict=False).cast(pl.String)
    behind = screen_text(text.str.replace(pattern, "")).alias("behind")
    return frame.with_columns(behind).select(date=pl.concat_str(iso, pl.col("behind").fill_null(""))).to_series()


def read_number(
    frame: pl.DataFrame, column: AnswerColumn, dialect: Dialect, *, form: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    """A number; what is written stays beside it where it says more than the number. A value out of the question's
    bounds, or no number at all, keeps its text and has no number: counted in the notices, never guessed."""
    question = column.question
    cells = cells_of(frame, column, dialect, coded=form != "text")
    answered = pl.col("state") == "answered"
    cells = cells.with_columns(number=pl.when(answered).then(number_in(pl.col("text"))))
    outside = _outside(question)
    plain = is_plain(pl.col("text"))
    counts = cells.select(
        bad_number=(answered & pl.col("number").is_null()).sum(), out_of_range=(answered & outside).sum()
    )
    number = pl.when(~outside.fill_null(False)).then(pl.col("number"))
    written = pl.when(answered & (~plain | number.is_null())).then(pl.col("text"))
    answers = rows(
        cells, question.code, item_code=column.item, option_code=column.option, value_text=written, value_number=number
    )
    return answers.with_columns(screen_text(answers["value_text"])), _counted(counts)


def is_plain(text: pl.Expr) -> pl.Expr:
    """Whether a text is a number and no more, short enough that a float keeps all its digits."""
    return text.str.contains(r"^\s*[-+]?\d{1,15}(?:\.\d{0,6})?\s*$").fill_null(False)


def _outside(question: Question) -> pl.Expr:
    outside = pl.lit(False)
    if question.min is not None:
        outside = outside | (pl.col("number") < question.min)
    if question.max is not None:
        outside = outside | (pl.col("number") > question.max)
    return outside


def _counted(counts: pl.DataFrame) -> dict[str, int]:
    return {name: int(n) for name, n in counts.row(0, named=True).items() if n}


def read_text(
    frame: pl.DataFrame, column: AnswerColumn, dialect: Dialect, *, form: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Free text (screened), a date (ISO) or a place. A personal question keeps its state only. In a number export −3 and
    −2 are marks here too; a remark that consists of them is in the text export."""
    question = column.question
    cells = cells_of(frame, column, dialect, coded=form != "text")
    text = pl.when(pl.col("state") == "answered").then(pl.col("text"))
    if question.personal or question.variable == "panel":
        return rows(cells, question.code, item_code=column.item), {}
    if question.type == "date":
        cells = cells.with_columns(date=read_dates(cells["text"]), screened=screen_text(cells["text"]))
        answered = pl.col("state") == "answered"
        n_bad = cells.filter(answered & pl.col("date").is_null()).height
        dated = pl.when(answered).then(pl.coalesce("date", "screened"))
        return rows(cells, question.code, item_code=column.item, value_text=dated), {"bad_date": n_bad} if n_bad else {}
    answers = rows(cells, question.code, item_code=column.item, option_code=column.option, value_text=text)
    return answers.with_columns(screen_text(answers["value_text"])), {}


def read_allocation(
    frame: pl.DataFrame, column: AnswerColumn, dialect: Dialect, *, form: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Amounts in one cell, `产品A〖2〗┋产品B〖1〗`: one row per option with its number; an option not named has 0. Also the
    parts that name no option or no amount: source_row, part."""
    question = column.question
    cells = cells_of(frame, column, dialect, coded=form != "text")
    codes = {fold(option.text): option.code for option in question.options}
    parts = (
        cells.filter(pl.col("state") == "answered")
        .select("source_row", pl.col("text").str.split(dialect.separators[0]).alias("part"))
        .explode("part")
        .select(
            "source_row",
            "part",
            option=pl.col("part").str.replace(r"〖.*$", "").map_elements(fold, return_dtype=pl.String)
            .replace_strict(codes, default=None, return_dtype=pl.String),
            number=pl.col("part").str.extract(r"〖\s*(-?\d+(?:\.\d+)?)\s*〗", 1).cast(pl.Float64),
        )
    )  # fmt: skip
    named = parts.drop_nulls().unique(["source_row", "option"], keep="first", maintain_order=True).drop("part")
    options = pl.DataFrame({"option": list(codes.values())}, schema={"option": pl.String})
    grid = cells.join(options, how="cross").join(named, on=["source_row", "option"], how="left", maintain_order="left")
    answered = pl.col("state") == "answered"
    amounts = rows(
        grid,
        question.code,
        option_code=pl.col("option"),
        value_number=pl.when(answered).then(pl.col("number").fill_null(0.0)),
    )
    strange = parts.filter(pl.any_horizontal(pl.col("option", "number").is_null())).select("source_row", "part")
    return amounts, strange
