"""The list as a table: what is funded, what would do as well, what is not worth its money; one row for each place."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from pipeline.findings.finding import Context
from pipeline.findings.planning.others import Left, extra_of, left_out
from pipeline.findings.planning.plan import Proposal
from pipeline.findings.planning.prices import Prices
from pipeline.findings.planning.settings import rules
from pipeline.findings.planning.words import Speaker

TEN_THOUSAND = 10_000
FUNDED, VERIFY, ALTERNATIVE, POOR, TOTAL, NONE = "funded", "verify_first", "alternative", "not_worth", "total", "none"
SCHEMA: dict[str, Any] = {
    "area_code": pl.String, "kind_code": pl.String, "rank": pl.Int64, "short_zh": pl.String, "short_en": pl.String, "place_zh": pl.String, "place_en": pl.String, "what_zh": pl.String,
    "what_en": pl.String, "class_code": pl.String, "grid_id": pl.String, "station_id": pl.String, "action_codes": pl.String,
    "service_codes": pl.String, "hours_zh": pl.String, "hours_en": pl.String, "who_zh": pl.String, "who_en": pl.String,
    "needs_agreement": pl.Boolean, "one_off_yuan": pl.Float64, "yearly_yuan": pl.Float64, "cost_yuan": pl.Float64,
    "cost_low": pl.Float64, "cost_high": pl.Float64, "is_assumed": pl.Boolean, "cost_source": pl.String, "gain": pl.Float64,
    "gain_low": pl.Float64, "gain_high": pl.Float64, "gain_per_10k": pl.Float64, "chosen_share": pl.Float64, "certainty_code": pl.String,
    "tie_code": pl.String, "watch_zh": pl.String, "watch_en": pl.String, "budget_yuan": pl.Float64, "closable": pl.Float64,
    "bound": pl.Float64, "gap_share": pl.Float64, "last_10k": pl.Float64, "n_cells": pl.Int64, "n_cells_short": pl.Int64, "fairness_cost": pl.Float64,
    "n_draws": pl.Int64, "n": pl.Int64, "plan_code": pl.String,
}  # fmt: skip


def lines(proposal: Proposal, prices: Prices, context: Context, n: int | None) -> pl.DataFrame:
    """Every row of one area; `n`: the respondents whose answers the need rests on."""
    left = left_out(proposal)
    speaker = Speaker(proposal.bundles, proposal.now, context)
    rows = [_total(proposal, left)]
    for rank, v in enumerate(proposal.order, start=1):
        kind, gain = VERIFY if speaker.is_mainly_looking(v) else FUNDED, float(proposal.gain[rank - 1])
        rows.append(_row(proposal, prices, speaker, v, kind, rank, gain, proposal.worlds.gain[:, rank - 1]))
    for kind, chosen, base in ((ALTERNATIVE, left.alternatives, left.sure), (POOR, left.not_worth, proposal.order)):
        adds = extra_of(proposal.menu, base)
        for rank, v in enumerate(chosen, start=1):
            rows.append(_row(proposal, prices, speaker, v, kind, rank, float(adds[v]), proposal.worlds.extra(v, base)))
    tied = {*left.tied, *left.alternatives}
    for row in rows[1:]:
        row["tie_code"] = "A" if row.pop("_v") in tied else None
    common = {
        "area_code": proposal.now.district.area,
        "budget_yuan": proposal.budget,
        "n": n,
        "n_draws": len(proposal.worlds.cost),
    }
    return pl.DataFrame([{**row, **common} for row in rows], schema=SCHEMA)


def nothing(area: str, budget: float, reason: str) -> pl.DataFrame:
    """The row of an area that has no plan, and why."""
    return pl.DataFrame(
        [{"area_code": area, "kind_code": NONE, "rank": 0, "budget_yuan": budget, "plan_code": reason}], schema=SCHEMA
    )


def _total(proposal: Proposal, left: Left) -> dict[str, Any]:
    """The plan as a whole."""
    plan, order, worlds = proposal.plan, proposal.order, proposal.worlds
    once, yearly = float(proposal.once[order].sum()), float(proposal.yearly[order].sum())
    return {
        "kind_code": TOTAL, "rank": 0, "one_off_yuan": once, "yearly_yuan": yearly, "cost_yuan": plan.cost, "gain": plan.value,
        **_range("cost", worlds.cost), **_range("gain", worlds.gain.sum(axis=1)), "gain_per_10k": _per_10k(plan.value, plan.cost),
        "closable": proposal.closable, "bound": plan.bound, "gap_share": plan.gap, "last_10k": left.last * TEN_THOUSAND,
        "n_cells": len(proposal.fair.kept),
        "n_cells_short": int((~proposal.fair.kept).sum()), "fairness_cost": proposal.price_of_fairness, "plan_code": plan.status_code,
    }  # fmt: skip


def _row(
    proposal: Proposal, prices: Prices, speaker: Speaker, v: int, kind: str, rank: int, gain: float, drawn: np.ndarray
) -> dict[str, Any]:
    """One place."""
    cost, station = (
        float(proposal.cost[v]),
        None if speaker.is_new(v) or speaker.is_hidden(v) else _station(proposal, v),
    )
    again = float(proposal.worlds.again()[v]) if kind in (FUNDED, VERIFY) else None
    pairs = {
        "short": speaker.in_short(v),
        "place": speaker.place(v),
        "what": speaker.what(v),
        "hours": speaker.hours(v),
        "who": speaker.who(v),
        "watch": speaker.watch(v),
    }
    assumed, source = basis(prices, speaker, v)
    return {
        "_v": v, "kind_code": kind, "rank": rank, "class_code": speaker.class_code(v), "grid_id": _grid(proposal, v), "station_id": station,
        **{f"{name}_{lang}": text for name, both in pairs.items() for lang, text in zip(("zh", "en"), both, strict=True)},
        "action_codes": ",".join(speaker.actions(v)), "service_codes": ",".join(speaker.services(v)),
        "needs_agreement": speaker.needs_agreement(v), "one_off_yuan": float(proposal.once[v]), "yearly_yuan": float(proposal.yearly[v]),
        "cost_yuan": cost, "is_assumed": assumed, "cost_source": source, "gain": gain, **_range("gain", drawn),
        "gain_per_10k": _per_10k(gain, cost), "chosen_share": again, "certainty_code": certainty(again),
    }  # fmt: skip


def certainty(again: float | None) -> str | None:
    """The word for how often the draws choose the same.

    >>> certainty(0.9), certainty(0.6), certainty(0.2), certainty(None)
    ('firm', 'fair', 'open', None)
    """
    if again is None or np.isnan(again):
        return None
    rule = rules()["certainty"]
    return "firm" if again >= rule["firm"] else "fair" if again >= rule["fair"] else "open"


def basis(prices: Prices, speaker: Speaker, v: int) -> tuple[bool, str | None]:
    """Whether any price of a bundle is assumed, and the sources of those that have one."""
    b, services = speaker.bundles, speaker.now.district.services
    used = [("open", b.kind[v])] if b.kind[v] else []
    used += [("repair", services[k]) for k in np.flatnonzero(b.fix[v])]
    used += [("add_service", services[k]) for k in np.flatnonzero(b.add[v])]
    used += [("verify", "")] * int(b.look[v].any()) + [("publicise", "")] * int(b.publicise[v])
    used += [("extend_hours", b.way[v])] if b.way[v] else []
    found = [prices.basis[price] for price in used if price in prices.basis]
    sources = dict.fromkeys(source for _, source, *_ in found if source)
    return any(assumed for assumed, *_ in found), "；".join(sources) or None


def _range(name: str, drawn: np.ndarray) -> dict[str, float | None]:
    if not len(drawn):
        return {f"{name}_low": None, f"{name}_high": None}
    low, high = np.quantile(drawn, [0.1, 0.9])
    return {f"{name}_low": float(low), f"{name}_high": float(high)}


def _per_10k(gain: float, cost: float) -> float | None:
    return gain / cost * TEN_THOUSAND if cost > 0 else None


def _station(proposal: Proposal, v: int) -> str:
    return str(proposal.now.district.stations["station_id"][int(proposal.bundles.group[v])])


def _grid(proposal: Proposal, v: int) -> str | None:
    now, group = proposal.now, int(proposal.bundles.group[v])
    if group < now.n_stations:
        return now.district.stations["grid_id"][group]
    return now.district.places["grid_id"][int(now.sites[group - now.n_stations])]
