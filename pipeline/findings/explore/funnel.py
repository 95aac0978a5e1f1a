"""How far people get, from hearing of a station to coming back, for any choice of people and any groups."""

from __future__ import annotations

import duckdb
import polars as pl

from pipeline.disclose import Disclosure, disclose
from pipeline.findings.estimating.sample import Sample
from pipeline.findings.estimating.steps import ALL, TYPES, step_rows
from pipeline.findings.explore.choices import Choices
from pipeline.findings.explore.grouping import grouped, taken, with_groups
from pipeline.findings.explore.words import label, labelled, with_area
from pipeline.findings.where_couriers_are_lost import SURVEY

OF_STATIONS = {"host_type": "host_types", "class": "station_classes"}
KEYS = ("area_code", "wave_code", "by_code", "step_code", "part_code")


def funnel(con: duckdb.DuckDBPyConnection, choices: Choices, *, by: str | None = None) -> pl.DataFrame:
    """One row per step the survey asked: label, part (门、家、惠), n, est (share of all that got this far), est_pass (share passing, of the
    n_asked who came to the step), est_loss (share of all lost there), each with its interval, and `may_be_most`.

    `by`: `host_type` or `class` of the station people go to most, a column of the respondents, or another question: then a row per step and
    group (group, `all` first), with the difference in passing to all other groups. `felt_welcome` is no step and has est_pass alone.
    """
    parts = []
    for area, wave in choices.waves:
        sample, persons = taken(con, choices, area, wave)
        groups = _groups(con, sample, wave, by, persons) if by else None
        rows = step_rows(con, sample, groups, persons)
        parts.append(rows.with_columns(area_code=pl.lit(area), wave_code=pl.lit(wave)))
    keys = dict.fromkeys(("area_code", "wave_code"), pl.String)
    table = pl.concat([pl.DataFrame(schema={**TYPES, **keys}), *parts], how="diagonal")
    codes = ("withheld_code", "withheld_code_pass", "withheld_code_loss")
    basis = Disclosure(keys=KEYS, open=codes, protect=SURVEY)
    names = [name for name in basis.columns() if not name.startswith("suppressed")]
    shown = disclose(table.with_columns(pl.col(codes).fill_null("")).select(names), basis, name="funnel")
    shown = labelled(
        labelled(shown, "step_code", "funnel_steps", choices), "part_code", "funnel_parts", choices, into="part"
    )
    return with_area(_with_words(con, choices, shown, by) if by else shown.drop("by_code"), choices)


def _groups(con: duckdb.DuckDBPyConnection, sample: Sample, wave: str, by: str, persons: pl.DataFrame) -> pl.DataFrame:
    """person, by_code of those asked about; kinds of station by the one they go to most."""
    name = by.removesuffix("_code")
    if name not in OF_STATIONS:
        return grouped(con, wave, by, persons)
    kinds = con.sql(f"select station_id, {name}_code as by_code from clean.stations").pl()
    people = sample.frame.select("person", "station_id").join(persons, on="person", how="semi")
    return people.join(kinds, on="station_id").select("person", "by_code").drop_nulls()


def _with_words(con: duckdb.DuckDBPyConnection, choices: Choices, table: pl.DataFrame, by: str) -> pl.DataFrame:
    """Adds the words for groups: group_zh, group_en, and `group` in the language chosen."""
    listed = OF_STATIONS.get(by.removesuffix("_code"))
    if listed is None:
        named = with_groups(con, choices, table, by)
    else:
        named = table.with_columns(
            pl.Series(
                f"group_{lang}", [label(choices, listed, code, lang) for code in table["by_code"]], dtype=pl.String
            )
            for lang in ("zh", "en")
        )
    every = [pl.when(pl.col("by_code") == ALL).then(pl.lit(label(choices, "host_types", ALL, lang))).otherwise(f"group_{lang}").alias(f"group_{lang}")
             for lang in ("zh", "en")]  # fmt: skip
    return named.with_columns(every).with_columns(pl.col(f"group_{choices.context.lang}").alias("group"))
