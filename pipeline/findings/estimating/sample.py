"""The respondents of one wave and area as a sample: who they are, and the design that their figures are judged by.

Nobody drew these people: they volunteered at a poster or were met in the street. The design says so as an assumption: each
counts as drawn by itself with probability 1 / weight, where the weights sum to a population that is known; the totals the
weights were fitted to are taken out of the variance. What that cannot repair is shown as the selection band.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from pipeline.analysis.survey.design import Adjustment, Design, as_drawn_at_random
from pipeline.analysis.weighting.rake import RakeAdjustment
from pipeline.analysis.weighting.visits import visit_weights
from pipeline.contracts.wave import FLAGS
from pipeline.errors import USAGE, Problem, fail

COURIERS = ("courier", "rider")


@dataclass(frozen=True)
class Sample:
    """`frame`: one row per respondent with a weight, in the order of the design. `population`: persons they stand for, None
    where nobody counted them; `speaks_for`: the code of that population, or `respondents`."""

    wave: str
    area: str
    population_code: str
    weight_set: str
    population: float | None
    frame: pl.DataFrame
    design: Design

    @property
    def speaks_for(self) -> str:
        """Whom a share is about: the population the weights sum to, or only those who answered."""
        return self.population_code if self.weight_set != "equal" else "respondents"

    @property
    def response_rate(self) -> float | None:
        """Respondents as a share of the population; None where its size is not known."""
        return min(1.0, self.frame.height / self.population) if self.population else None

    def mask(self, column: str, wanted: str | Sequence[str]) -> np.ndarray:
        """Rows whose value of a column is (one of) those wanted: a domain, which keeps the whole design."""
        values = [wanted] if isinstance(wanted, str) else list(wanted)
        return self.frame[column].is_in(values).fill_null(False).to_numpy()

    def places(self, people: pl.Series) -> np.ndarray:
        """Row numbers of respondents by their id."""
        order = pl.DataFrame({"person": self.frame["person"], "row": np.arange(self.frame.height)})
        return (
            pl.DataFrame({"person": people})
            .join(order, on="person", how="left", maintain_order="left")["row"]
            .to_numpy()
        )


def take_sample(
    con: duckdb.DuckDBPyConnection,
    wave: str,
    area: str,
    *,
    weight_set: str | None = None,
    drop_flags: Sequence[str] | None = None,
    user_groups: Iterable[str] = COURIERS,
) -> Sample:
    """The respondents of a wave in an area, with the weight set in use or the one named.

    `drop_flags`: quality flags whose bearers are left out; None keeps the wave's own rule. `user_groups`: couriers and riders by
    default; groups that no weight set covers count 1 each, and so does everybody in a wave that lacks the set named (`speaks_for` then
    says respondents). Raises exit 2 for an unknown flag, wave or weight set.
    """
    kept = (
        "r.is_valid" if drop_flags is None else " and ".join(["true", *[f"not r.is_{f}" for f in _known(drop_flags)]])
    )
    about = known_wave(con, wave)
    chosen = weight_set_in_use(con, wave, area) if weight_set is None else _known_set(con, weight_set)
    user_groups = tuple(user_groups)
    frame = con.sql(
        "select r.respondent_id as person, w.weight, w.inclusion, r.user_group_code, r.platform_code, r.employment_type_code, r.shift_code, "
        "r.gender_code, r.age_band_code, r.mode_code, r.grid_id, r.station_id, r.stratum_code, r.psu_id, r.visits_per_week, "
        "r.panel_key, r.is_valid from clean.respondents as r left join clean.respondent_weights as w on w.wave_code = r.wave_code "
        "and w.respondent_id = r.respondent_id and w.weight_set_code = ? "
        f"where r.wave_code = ? and r.area_code = ? and list_contains(?, r.user_group_code) and {kept} order by 1",
        params=[chosen, wave, area, list(user_groups)],
    ).pl()
    if chosen == "equal" or frame["weight"].null_count() == frame.height:
        chosen, frame = "equal", frame.with_columns(weight=pl.lit(1.0))
    frame = frame.filter(pl.col("weight").is_not_null() & (pl.col("weight") > 0))
    counted = about["frame_total"] if set(user_groups) <= set(COURIERS) else None  # of couriers and riders
    population = counted if chosen == "equal" else float(frame.filter("is_valid")["weight"].sum())
    design = _design(con, frame, wave, chosen, population)
    return Sample(wave, area, str(about["population_code"]), chosen, population, frame, design)


def take_domain(
    con: duckdb.DuckDBPyConnection,
    wave: str,
    area: str,
    weight_set: str | None,
    drop_flags: Sequence[str] | None,
    population: str | Sequence[str] | None,
) -> tuple[Sample, pl.DataFrame | None]:
    """A sample, and the persons of it asked about: the whole of couriers and riders stays in the design (None: all of them).

    Groups that carry no weights (office staff and others) are taken as they answered, 1 each.
    """
    wanted = COURIERS if not population else (population,) if isinstance(population, str) else tuple(population)
    if not set(wanted) <= set(COURIERS):
        return take_sample(con, wave, area, weight_set="equal", drop_flags=drop_flags, user_groups=wanted), None
    sample = take_sample(con, wave, area, weight_set=weight_set, drop_flags=drop_flags)
    if set(wanted) == set(COURIERS):
        return sample, None
    return sample, sample.frame.filter(pl.col("user_group_code").is_in(list(wanted))).select("person")


def weight_set_in_use(con: duckdb.DuckDBPyConnection, wave: str, area: str) -> str:
    """The weight set that published figures of a wave are made with."""
    rows = con.execute(
        "select weight_set_code from clean.valid_respondents where wave_code = ? and area_code = ? limit 1",
        [wave, area],
    ).fetchall()
    return str(rows[0][0]) if rows else "equal"


def period_samples(con: duckdb.DuckDBPyConnection, period: str, areas: Iterable[str] | None = None) -> list[Sample]:
    """One sample for every wave and area that closed in a quarter, by area and wave."""
    rows = con.execute(
        "select distinct area_code, wave_code from clean.valid_respondents where period_code = ? order by 1, 2",
        [period],
    ).fetchall()
    wanted = None if areas is None else set(areas)
    return [take_sample(con, wave, area) for area, wave in rows if wanted is None or area in wanted]


def main_samples(con: duckdb.DuckDBPyConnection, period: str, areas: Iterable[str] | None = None) -> list[Sample]:
    """The sample of the wave that speaks for a quarter in each area (mart.period_waves)."""
    chosen = set(
        con.execute("select area_code, wave_code from mart.period_waves where period_code = ?", [period]).fetchall()
    )
    return [sample for sample in period_samples(con, period, areas) if (sample.area, sample.wave) in chosen]


def known_wave(con: duckdb.DuckDBPyConnection, wave: str) -> dict[str, object]:
    """Population and frame total of a wave; exit 2 with those there are for one that is not."""
    rows = con.execute("select population_code, frame_total from ref.waves where wave_code = ?", [wave]).fetchall()
    if not rows:
        known = ", ".join(row[0] for row in con.sql("select wave_code from ref.waves order by 1").fetchall())
        fail(USAGE, Problem("unknown_wave", "wave_code", "没有这个调查波次", "no such wave", got=wave, expected=known))
    return {"population_code": rows[0][0], "frame_total": None if rows[0][1] is None else float(rows[0][1])}


def _design(
    con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, wave: str, weight_set: str, population: float | None
) -> Design:
    """Each respondent as drawn alone, or with the others met at the same place; the fitted margins as adjustments."""
    weights = frame["weight"].to_numpy()
    made = as_drawn_at_random(weights, population) if frame.height else as_drawn_at_random(np.ones(0))
    known = frame["inclusion"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    fraction = np.where(np.isfinite(known), np.minimum(known, 1.0), made.fraction)
    unit = frame.select(pl.coalesce(pl.lit("u") + pl.col("psu_id"), pl.lit("p") + pl.col("person")).alias("unit"))[
        "unit"
    ]
    psu = unit.rank("dense").cast(pl.Int64).to_numpy() - 1 if frame.height else made.psu
    margins = _margins(con, frame, wave, weight_set)
    adjustments: tuple[Adjustment, ...] = (RakeAdjustment(margins, weights),) if margins else ()
    if weight_set == "visit_adjusted":
        adjustments += _visits(con, frame, wave, population)
    return replace(made, fraction=fraction, psu=psu, adjustments=adjustments)


def _visits(
    con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, wave: str, population: float | None
) -> tuple[Adjustment, ...]:
    """What it adds to a variance that the pull of the poster was estimated from the sample itself."""
    weeks = con.execute(
        "select (date_diff('day', opened_on, closed_on) + 1) / 7 from ref.waves where wave_code = ?", [wave]
    ).fetchall()[0][0]
    made = visit_weights(frame["visits_per_week"], frame["mode_code"], weeks=weeks, population=population)
    return () if made.adjustment is None else (made.adjustment,)


def _margins(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, wave: str, weight_set: str) -> tuple[np.ndarray, ...]:
    """Level of every respondent in each margin the weights were fitted to; who stands in none makes a level of its own."""
    rows = con.sql(
        "select respondent_id as person, margin, level from clean.respondent_margins where wave_code = ? and weight_set_code = ?",
        params=[wave, weight_set],
    ).pl()
    levels = []
    for margin in rows["margin"].unique().sort():
        of = frame.select("person").join(
            rows.filter(pl.col("margin") == margin), on="person", how="left", maintain_order="left"
        )
        levels.append(of["level"].fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1)
    return tuple(levels)


def _known_set(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """A weight set that some wave has; exit 2 with those there are for another."""
    rows = con.sql("select distinct weight_set_code from clean.respondent_weights").fetchall()
    known = sorted({"equal", *(row[0] for row in rows)})
    if name not in known:
        what = "没有这组权重", "no such set of weights"
        fail(USAGE, Problem("unknown_weight_set", "weight_set", *what, got=name, expected=", ".join(known)))
    return name


def _known(drop_flags: Sequence[str]) -> list[str]:
    unknown = sorted(set(drop_flags) - set(FLAGS))
    if unknown:
        fail(
            USAGE,
            Problem("unknown_flag", "drop_flags", "没有这种质量标记", "no such quality flag", got=", ".join(unknown),
                    expected=", ".join(FLAGS)),
        )  # fmt: skip
    return list(drop_flags)
