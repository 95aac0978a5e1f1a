"""Errors of the weighted shares of who answered: none where the weights were fitted to that very total."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipeline.analysis.survey.estimates import shares
from pipeline.findings.estimating.figures import with_band
from pipeline.findings.estimating.sample import Sample

ERRORS = ("se", "lci", "uci", "n_eff", "band_low", "band_high")
BANDS = {"none": (0, 0), "1_to_2": (0, 3), "3_to_5": (3, 6), "6_or_more": (6, None)}  # as in mart.respondent_profile


def profile_errors(sample: Sample, profile: pl.DataFrame) -> pl.DataFrame:
    """se, lci, uci, n_eff and the selection band of each value's weighted share, for the rows of a profile that belong to the sample.

    `profile`: area_code, wave_code, variable_code, value_code, n_frame and in_base (the value is one of those the share is of). A
    variable whose totals the frame knows has no band: whoever was readier to answer, it is weighed to what it is.
    """
    own = profile.filter((pl.col("area_code") == sample.area) & (pl.col("wave_code") == sample.wave))
    parts = []
    for (variable,), values in own.group_by("variable_code", maintain_order=True):
        given = _given(sample, str(variable))
        base = values.filter("in_base")["value_code"].to_list()
        asked = given.is_in(base).to_numpy()
        chosen = (
            np.stack([(given == value).to_numpy() for value in base], axis=1) if base else np.zeros((len(given), 0))
        )
        labels = pl.DataFrame({"value_code": base}, schema={"value_code": pl.String})
        found = with_band(shares(sample.design, chosen, asked, labels).table(), sample.response_rate)
        is_framed = bool(values["n_frame"].is_not_null().any()) and sample.weight_set != "equal"
        bands = [pl.when(not is_framed).then(pl.col(name)).alias(name) for name in ("band_low", "band_high")]
        found = found.with_columns(bands).select("value_code", *ERRORS)
        parts.append(found.with_columns(pl.lit(variable).alias("variable_code")))
    table = (
        pl.concat(parts)
        if parts
        else pl.DataFrame(schema={"value_code": pl.String, "variable_code": pl.String}).with_columns(no_errors())
    )
    return table.with_columns(
        pl.lit(sample.area).alias("area_code"), pl.lit(sample.wave).alias("wave_code"), pl.col("n_eff").round(1)
    )


def no_errors() -> list[pl.Expr]:
    """The same columns, empty."""
    return [pl.lit(None, pl.Float64).alias(name) for name in ERRORS]


def _given(sample: Sample, variable: str) -> pl.Series:
    """What each respondent is by a variable; unknown where it was not said."""
    if variable != "visits_band":
        return sample.frame[f"{variable}_code"].fill_null("unknown")
    visits = pl.col("visits_per_week")
    inside = [
        pl.when(
            (visits == 0)
            if high == 0
            else (visits > 0 if low == 0 else visits >= low) & (visits < high if high else True)
        ).then(pl.lit(band))
        for band, (low, high) in BANDS.items()
    ]
    return sample.frame.select(pl.coalesce(*inside, pl.lit("unknown")).alias("band"))["band"]
