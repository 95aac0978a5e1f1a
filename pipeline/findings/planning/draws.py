"""Other worlds the evidence allows: need, what works and what things cost, drawn anew, to see how far a plan is sure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from pipeline.analysis.siting.menu import Menu
from pipeline.findings.planning.bundles import Bundles, costs
from pipeline.findings.planning.menu import menu_of, offer
from pipeline.findings.planning.now import Now, State
from pipeline.findings.planning.prices import Prices, charged


def drawn_menus(bundles: Bundles, now: Now, prices: Prices, draws: int, seed: int) -> Iterator[Menu]:
    """The menu of each draw: the same bundles, other needs, other services that work, other prices."""
    spread = need_spread(now)
    for rng in np.random.default_rng(seed).spawn(draws):
        state = drawn_state(now, rng)
        need = drawn_need(now.need, spread, rng)
        lacks = np.vstack([1 - state.chance, np.ones((len(now.sites), now.need.shape[1]))])
        cost = charged(*costs(bundles, prices.drawn(rng), now.district.services, lacks))
        what = offer(bundles, now, chance=state.chance, unserved=now.unserved(need, state))
        yield menu_of(bundles, now, cost, what)


def drawn_state(now: Now, rng: np.random.Generator) -> State:
    """Each declared service works or does not, by its own chance, and that chance by its Beta distribution."""
    a, b = now.district.alive
    chance = rng.beta(np.maximum(a, 1e-3), np.maximum(b, 1e-3))
    chance = np.where(now.district.offers, chance, now.state.chance)
    return State((rng.random(chance.shape) < chance).astype(float), now.state.is_declared, now.state.is_known)


def drawn_need(need: np.ndarray, spread: tuple[np.ndarray, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Shares in need as they may be: one draw for all places of a grid cell; no need stays none."""
    answers, cell = spread
    first = np.unique(cell, return_index=True)[1]
    share, n = need[first], answers[first]
    made = rng.beta(share * n + 1e-6, (1 - share) * n + 1e-6)
    return np.where(need > 0, made[cell], 0.0)


def need_spread(now: Now) -> tuple[np.ndarray, np.ndarray]:
    """What each place's share in need is worth in answers (n × K), and the number of its grid cell (n)."""
    places = now.district.places
    _, cell = np.unique(places["grid_id"].fill_null("").to_numpy(), return_inverse=True)
    answers = answers_of(now)
    joined = places.select(pl.col("grid_id")).with_row_index("_i").join(answers, on="grid_id", how="left").sort("_i")
    n = np.full(now.need.shape, float(answers["n"].max() or 1))
    for k, code in enumerate(now.district.services):
        if code in joined.columns:
            n[:, k] = joined[code].fill_null(n[0, k]).to_numpy()
    return np.maximum(n, 1.0), cell


def answers_of(now: Now) -> pl.DataFrame:
    """Answers behind the shares in need: a row per grid cell, a column per service, and `n` over all of them."""
    cells = now.district.cells
    wide = cells.select("grid_id", "service_code", pl.col("n").cast(pl.Float64)).pivot(
        "service_code", index="grid_id", values="n"
    )
    most = cells.group_by("grid_id").agg(pl.col("n").max().cast(pl.Float64).alias("n"))
    return wide.join(most, on="grid_id", how="left")
