"""One row per respondent: standard variables from the questions that measure them, times, mode and quality flags."""

from __future__ import annotations

import polars as pl

from pipeline.clean.surveys.exports import Export, SurveyContext
from pipeline.clean.surveys.quality import with_flags
from pipeline.clean.surveys.times import seconds_of, time_of
from pipeline.contracts import Question, Wave
from pipeline.contracts.wave import FLAGS

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "wave_code": pl.String, "respondent_id": pl.String, "area_code": pl.String, "submitted_at": pl.Datetime("us"),
    "duration_seconds": pl.Int64, "mode_code": pl.String, "stratum_code": pl.String, "psu_id": pl.String,
    "station_id": pl.String, "grid_id": pl.String, "user_group_code": pl.String, "platform_code": pl.String,
    "employment_type_code": pl.String, "shift_code": pl.String, "hours_per_day": pl.Float64, "gender_code": pl.String,
    "age_band_code": pl.String, "visits_per_week": pl.Float64, "satisfaction": pl.Float64, "panel_key": pl.String,
    **{f"is_{flag}": pl.Boolean for flag in FLAGS}, "is_valid": pl.Boolean, "source_file_id": pl.String,
    "source_sheet": pl.String, "source_row": pl.Int64,
}  # fmt: skip
CODED = {
    "user_group": "user_group_code", "platform": "platform_code", "employment_type": "employment_type_code",
    "shift": "shift_code", "gender": "gender_code", "age_band": "age_band_code", "mode": "mode_code",
    "stratum": "stratum_code", "psu": "psu_id",
}  # fmt: skip
MEASURED = ("hours_per_day", "visits_per_week", "satisfaction")


def build_respondents(
    wave: Wave, export: Export, answers: pl.DataFrame, context: SurveyContext
) -> tuple[pl.DataFrame, list[tuple[str, str, int]]]:
    """clean.respondents of one wave, and (question, reason, n) of names that resolved to nothing. `answers` are the
    answer rows with respondent_id, `export` the form that the origin points to."""
    frame = export.frame.select(
        pl.lit(wave.code).alias("wave_code"),
        pl.col("respondent").alias("respondent_id"),
        pl.lit(wave.area_code or context.area_code).alias("area_code"),
        time_of(pl.col("submitted_at")).alias("submitted_at"),
        _duration().alias("duration_seconds"),
        pl.lit(export.file_id).alias("source_file_id"),
        pl.lit(export.table.sheet).alias("source_sheet"),
        "source_row",
    )
    frame = _with_standard_values(frame, wave, answers)
    frame, unresolved = _with_places(frame, wave, export, answers, context)
    frame = frame.with_columns(pl.col("mode_code").fill_null(wave.mode_code), _panel_keys(wave, export))
    places = export.frame.select(pl.col("respondent").alias("respondent_id"), "place")
    frame = with_flags(frame, answers, places, wave)
    bad_times = (time_of(pl.col("submitted_at")).is_null() & (pl.col("submitted_at").str.strip_chars() != "")).sum()
    n_bad = int(export.frame.select(bad_times).item() or 0)
    notices = [*unresolved, *([("submitted_at", "bad_time", n_bad)] if n_bad else [])]
    return frame.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items()), notices


def _duration() -> pl.Expr:
    """The stated time taken, else the time between start and end."""
    between = (time_of(pl.col("submitted_at")) - time_of(pl.col("started_at"))).dt.total_seconds()
    return pl.coalesce(seconds_of(pl.col("duration")), pl.when(between >= 0).then(between))


def _main_rows(answers: pl.DataFrame, question: Question) -> pl.DataFrame:
    wanted = (pl.col("question_code") == question.code) & (pl.col("item_code") == "") & (pl.col("option_code") == "")
    return answers.filter(wanted & (pl.col("state") == "answered"))


def _with_standard_values(frame: pl.DataFrame, wave: Wave, answers: pl.DataFrame) -> pl.DataFrame:
    for variable, column in {**CODED, **{name: name for name in MEASURED}}.items():
        question = wave.question_of(variable)
        if question is None:
            kind = COLUMNS[column]
            frame = frame.with_columns(pl.lit(None, dtype=kind).alias(column))
            continue
        rows = _main_rows(answers, question)
        if variable in MEASURED:
            values = rows.select("respondent_id", pl.col("value_number").alias(column))
        else:
            values = rows.select("respondent_id", _standard_code(question).alias(column))
        frame = frame.join(values, on="respondent_id", how="left", maintain_order="left")
    return frame


def _standard_code(question: Question) -> pl.Expr:
    """The standard code an option stands for: its value, else its own code."""
    codes = {option.code: str(option.code if option.value is None else option.value) for option in question.options}
    return pl.col("value_text").replace_strict(codes, default=None, return_dtype=pl.String)


def _with_places(
    frame: pl.DataFrame, wave: Wave, export: Export, answers: pl.DataFrame, context: SurveyContext
) -> tuple[pl.DataFrame, list[tuple[str, str, int]]]:
    unresolved = []
    for column, variable, resolve, reason in (
        ("station_id", "station", context.resolve_station, "unknown_station"),
        ("grid_id", "grid", context.resolve_grid, "unknown_place"),
    ):
        question = wave.question_of(variable)
        if question is None:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(column))
            continue
        named = _names(question, export, answers)
        distinct = named["name"].unique().to_list()
        ids = {name: resolve(name) if resolve else None for name in distinct}
        named = named.select(
            "respondent_id", pl.col("name").replace_strict(ids, default=None, return_dtype=pl.String).alias(column)
        )
        if named[column].null_count():
            unresolved.append((question.code, reason, named[column].null_count()))
        frame = frame.join(named, on="respondent_id", how="left", maintain_order="left")
    return frame, unresolved


def _names(question: Question, export: Export, answers: pl.DataFrame) -> pl.DataFrame:
    """What each respondent named: an option's value (none for an option that stands for no place), or the text as
    written (before screening, so that a name is still found)."""
    rows = _main_rows(answers, question)
    if question.options:
        values = {option.code: str(option.value) for option in question.options if option.value is not None}
        name = pl.col("value_text").replace_strict(values, default=None, return_dtype=pl.String)
        return rows.select("respondent_id", name.alias("name")).drop_nulls()
    column = export.layout.of(question)[0].column
    written = export.frame.select(
        pl.col("respondent").alias("respondent_id"), pl.col(column).str.strip_chars().alias("name")
    )
    return written.join(rows.select("respondent_id"), on="respondent_id", how="semi")


def _panel_keys(wave: Wave, export: Export) -> pl.Series:
    """The pseudonym that the first step left in the column of the panel question; nothing where it was left blank."""
    question = wave.question_of("panel")
    columns = export.layout.of(question) if question else []
    if not columns:
        return pl.Series("panel_key", [None] * export.frame.height, dtype=pl.String)
    key = pl.col(columns[0].column)
    return export.frame.select(panel_key=pl.when(key.str.contains(r"^[0-9a-f]{16}$")).then(key)).to_series()
