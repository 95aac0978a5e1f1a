"""Who answered, once each: respondents by their number in the export, the two files of a pair joined on it.

The order of the files is never relied on. `fates` are rows that are not used, with the reason; a pair that shares no
respondent, or has no respondent number, is no pair and stops the run.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipeline.clean.fates import fates_of
from pipeline.clean.surveys.exports import META_COLUMNS, Export
from pipeline.contracts.survey_limits import survey_limits
from pipeline.errors import CONTRACT, Problem, fail

RESPONDENT_HEADING = "序号"


def row_fates(
    export: Export, rows: pl.DataFrame, fate: str, reason: str | None = None, column: str | None = None
) -> pl.DataFrame:
    """Fates of some rows of one export."""
    return fates_of(rows, file_id=export.file_id, sheet=export.table.sheet, fate=fate, reason=reason, column=column)


def number_respondents(export: Export) -> tuple[Export, list[pl.DataFrame]]:
    """Give each row its respondent: the number of the export as plain text (`7`, `7.0` and `７` are one); without such a
    column the row itself. The same number twice: the same row again is a duplicate, other answers under it are rejected."""
    frame = export.frame
    if "respondent" not in export.layout.meta:
        frame = frame.with_columns(respondent=pl.concat_str(pl.lit("r"), pl.col("source_row").cast(pl.String)))
        return _with(export, frame), []
    frame = frame.with_columns(
        pl.col("respondent").str.normalize("NFKC").str.strip_chars().str.replace(r"^0*(\d+)(?:\.0+)?$", "$1")
    )
    nameless = frame.filter(pl.col("respondent").is_null() | (pl.col("respondent") == ""))
    frame = frame.filter(pl.col("respondent") != "")
    said = [column for column in frame.columns if column not in META_COLUMNS and column != "source_row"]
    said += ["submitted_at"]
    frame = frame.with_columns(
        kept=pl.col("source_row").min().over("respondent"), said=pl.struct(said).hash()
    ).with_columns(first=pl.col("said").sort_by("source_row").first().over("respondent"))
    origin = pl.lit(f"{export.file_id}:{export.table.sheet}:")
    frame = frame.with_columns(kept_row=pl.concat_str(origin, pl.col("kept").cast(pl.String)))
    repeated = pl.col("source_row") != pl.col("kept")
    same = pl.col("said") == pl.col("first")
    fates = [
        row_fates(export, nameless, "rejected", "missing_value", RESPONDENT_HEADING),
        row_fates(export, frame.filter(repeated & same), "duplicate", "duplicate_row"),
        row_fates(export, frame.filter(repeated & ~same), "rejected", "conflicting_key", RESPONDENT_HEADING),
    ]
    return _with(export, frame.filter(~repeated).drop("kept", "said", "first", "kept_row")), fates


def _with(export: Export, frame: pl.DataFrame) -> Export:
    return replace(export, frame=frame)


def pair(exports: list[Export]) -> tuple[list[Export], list[pl.DataFrame]]:
    """Keep the respondents that every file has; one who stands in one file only is rejected there."""
    if len(exports) < 2:
        return exports, []
    names = " + ".join(export.table.path.name for export in exports)
    common = exports[0].frame["respondent"]
    for export in exports:
        if "respondent" not in export.layout.meta:
            fail(CONTRACT, _no_pair(names, "没有“序号”列，无法配对", "no respondent number to pair on"))
        common = common.filter(common.is_in(export.frame["respondent"].implode()))
    if common.is_empty():
        fail(CONTRACT, _no_pair(names, "两份文件没有共同的序号", "the two files share no respondent"))
    paired, fates = [], []
    for export in exports:
        inside = pl.col("respondent").is_in(common.implode())
        fates.append(row_fates(export, export.frame.filter(~inside), "rejected", "not_in_pair", RESPONDENT_HEADING))
        paired.append(_with(export, export.frame.filter(inside)))
    return paired, fates


def _no_pair(names: str, zh: str, en: str) -> Problem:
    return Problem(
        "pair_mismatch", names, f"不是同一份问卷的文本与序号导出：{zh}", f"not the text and number export of one survey: {en}",
        do_zh="请从问卷平台对同一份问卷分别“按文本”“按序号”导出，并保留序号列",
        do_en="export the same survey once by text and once by number, and keep the number column",
    )  # fmt: skip


def compare(text: pl.DataFrame, number: pl.DataFrame, closed: list[str]) -> pl.DataFrame:
    """Do the two forms of a pair say the same? One row per closed question: respondents compared, agreeing, disagreeing.

    Both frames are answer rows with a respondent column. Fill-in text is in the text form only and is not compared.
    """
    answers = (
        _side_by_side(text, number, closed).group_by("respondent", "question_code").agg(agree=pl.col("same").all())
    )
    return (
        answers.group_by("question_code")
        .agg(n_compared=pl.len(), n_agree=pl.col("agree").sum(), n_disagree=(~pl.col("agree")).sum())
        .sort("question_code")
    )


def check_pair(report: pl.DataFrame, exports: list[Export]) -> None:
    """Two exports that differ in too many answers are no pair, although they share respondents: exit 11."""
    limits, n_sheets = survey_limits(), exports[0].frame.height
    share = report["n_disagree"].sum() / max(report["n_compared"].sum(), 1)
    if share > limits.pair_disagree_share and n_sheets >= limits.pair_least:
        names = " + ".join(export.table.path.name for export in exports)
        said = f"{share:.0%}"
        fail(CONTRACT, _no_pair(names, f"{said} 的回答不一致", f"{said} of the answers differ"))


def disagreements(text: pl.DataFrame, number: pl.DataFrame, closed: list[str]) -> pl.DataFrame:
    """Every answer in which the two forms differ, with what each says (an option's code, a number, or its state) and the
    row in each file: respondent, question_code, item_code, option_code, text_says, number_says, source_row, other_row."""
    differ = _side_by_side(text, number, closed).filter(~pl.col("same"))
    return differ.select(
        *_KEYS, _said("").alias("text_says"), _said("_other").alias("number_says"), "source_row", other_row="source_row_other"
    ).sort(_KEYS)  # fmt: skip


_KEYS = ["respondent", "question_code", "item_code", "option_code"]


def _said(side: str) -> pl.Expr:
    answer = pl.coalesce(f"code{side}", pl.col(f"value_number{side}").cast(pl.String))
    return pl.when(pl.col(f"state{side}") == "answered").then(answer).otherwise(f"state{side}")


def _side_by_side(text: pl.DataFrame, number: pl.DataFrame, closed: list[str]) -> pl.DataFrame:
    sides = []
    for rows in (text, number):
        kept = rows.filter(pl.col("question_code").is_in(closed) & ~pl.col("is_fill_in"))
        # beside an option stands fill-in text, and a missing answer may keep its mark
        coded = pl.when((pl.col("option_code") == "") & (pl.col("state") == "answered")).then(pl.col("value_text"))
        sides.append(kept.select(*_KEYS, "source_row", "state", "value_number", code=coded))
    both = sides[0].join(sides[1], on=_KEYS, how="full", coalesce=True, suffix="_other")
    return both.with_columns(
        same=pl.all_horizontal(
            pl.col(name).eq_missing(pl.col(f"{name}_other")) for name in ("state", "code", "value_number")
        )
    )
