"""Further truth that estimates are scored on: visit bands, needs by platform, opinions of services, effects of events."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.simulate.events import ELSEWHERE, fixes
from pipeline.simulate.opinions import CATEGORIES, KANO_SERVICES
from pipeline.simulate.questionnaire import VISITS
from pipeline.simulate.survey import PLANS
from pipeline.simulate.truth import need_counts, station_id
from pipeline.simulate.weather import FIRST_DAY, N_DAYS
from pipeline.simulate.who_answers import weekly_band, weekly_visits
from pipeline.simulate.world import World

SECOND = PLANS[1].period


def write_scoring_truth(truth: Path, worlds: list[World], *, streamed: bool) -> None:
    """One CSV per kind; every table carries area_code. Streamed logs know no effects of events."""
    tables = {
        "needs_by_platform": needs_by_platform, "visits_bands": visits_bands, "kano": kano,
        "service_satisfaction": service_satisfaction,
    }  # fmt: skip
    if not streamed:
        tables |= {"activity_effects": activity_effects, "fix_effects": fix_effects}
    for name, make in tables.items():
        found = [make(world).select(pl.lit(world.area.code).alias("area_code"), pl.all()) for world in worlds]
        pl.concat(found).write_csv(truth / f"{name}.csv")


def needs_by_platform(world: World) -> pl.DataFrame:
    """As needs.csv, for the attached persons of each platform."""
    platform = world.people.table["platform"].to_numpy()
    frame = world.people.table["is_attached"].to_numpy()
    return pl.DataFrame([
        row for plan in PLANS for code in sorted(set(platform[frame]))
        for row in need_counts(world, plan.number, frame & (platform == code), {"platform_code": str(code)})
    ])  # fmt: skip


def visits_bands(world: World) -> pl.DataFrame:
    """How many attached persons belong to each option of the question on visits a week, and their share; "0" never come."""
    bands = np.array([weekly_band(weekly) for weekly in weekly_visits(world)])[
        world.people.table["is_attached"].to_numpy()
    ]
    return pl.DataFrame([
        {"option_code": code, "label_zh": text, "n_persons": int((bands == code).sum()), "share": float((bands == code).mean())}
        for code, text, _ in VISITS
    ])  # fmt: skip


def kano(world: World) -> pl.DataFrame:
    """Share of attached persons in each Kano category of a service."""
    found = world.opinions.kano[world.people.table["is_attached"].to_numpy()]
    return pl.DataFrame([
        {"period_code": SECOND, "service_code": service, "category_code": category, "n_persons": int((found[:, k] == c).sum()),
         "share": float((found[:, k] == c).mean())}
        for k, service in enumerate(KANO_SERVICES) for c, category in enumerate(CATEGORIES)
    ])  # fmt: skip


def service_satisfaction(world: World) -> pl.DataFrame:
    """Mean point among the attached persons who used a service; null where nobody did."""
    frame = world.people.table["is_attached"].to_numpy()
    used, points = world.opinions.used[frame], world.opinions.satisfaction[frame]
    return pl.DataFrame(
        [
            {"period_code": SECOND, "service_code": code, "n_users": int(used[:, k].sum()),
             "mean": float(points[used[:, k], k].mean()) if used[:, k].any() else None}
            for k, code in enumerate(world.supply.codes)
        ],
        schema={"period_code": pl.String, "service_code": pl.String, "n_users": pl.Int64, "mean": pl.Float64},
    )  # fmt: skip


def activity_effects(world: World) -> pl.DataFrame:
    """Activity days at stations that lift visits while logs are kept: the first and the last day lifted, and by how much.
    Where the days of two overlap, visits are lifted once."""  # fmt: skip
    figures = world.assumptions["activity"]
    first, last = FIRST_DAY, FIRST_DAY + timedelta(days=N_DAYS - 1)
    held = (
        world.events.activities.filter(pl.col("station") != ELSEWHERE)
        .with_columns(
            from_on=pl.max_horizontal(pl.col("held_on") + timedelta(days=1), pl.lit(first)),
            until_on=pl.min_horizontal(pl.col("held_on") + timedelta(days=figures["days"]), pl.lit(last)),
        )
        .filter(pl.col("from_on") <= pl.col("until_on"))
        .sort("station", "held_on")
    )
    return held.select(
        pl.Series("station_id", [station_id(world, s) for s in held["station"]], dtype=pl.String),
        "held_on",
        "from_on",
        "until_on",
        pl.lit(figures["lift"]).alias("rate_ratio"),
    )


def fix_effects(world: World) -> pl.DataFrame:
    """Suggestions carried out while logs are kept: station, service, the first day of more use, and by how much."""
    done = fixes(world.events)
    codes = world.supply.codes
    return done.select(
        pl.Series("station_id", [station_id(world, s) for s in done["station"]], dtype=pl.String),
        pl.Series("service_code", [codes[k] for k in done["service"]], dtype=pl.String),
        pl.format("JY{}", pl.col("number").cast(pl.String).str.zfill(2)).alias("local_code"),
        "closed_on",
        pl.lit(world.assumptions["suggestion"]["lift"]).alias("rate_ratio"),
    )
