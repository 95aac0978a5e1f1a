"""Does use rise after something is done at a station? Against the days before, and against stations where nothing was done.

Difference in differences of rates per open hour, as a ratio: what came after, over what was to be expected from the days
before and from how comparison stations moved meanwhile. Its error is calibrated on the comparison stations themselves: each
is taken in turn for the one where something was done (placebo in space; Abadie, Diamond, Hainmueller 2010), so that few
events have wide intervals, not wrong ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from pipeline.analysis.use.lift_windows import WINDOW, Days, comparisons, refusal, spread_out
from pipeline.errors import USAGE, Problem, fail

ENOUGH_EVENTS = 8  # with so many, events may differ among themselves and the interval allows for it
FEWEST_EXPECTED = 10.0  # visits to be expected after: below, chance alone moves the ratio too much to print
FIGURES = {"n_visits_before": pl.Int64, "n_visits_after": pl.Int64, "expected": pl.Float64, "n_comparisons": pl.Int64,
           "rate_ratio": pl.Float64, "se": pl.Float64, "lci": pl.Float64, "uci": pl.Float64, "reason": pl.String}  # fmt: skip


@dataclass(frozen=True)
class Lift:
    """`events`: one row per event; `pooled`: one row for all; `spread`: how far a placebo station strays beyond the
    luck of its counts (standard deviation of the logarithm)."""

    events: pl.DataFrame
    pooled: pl.DataFrame
    spread: float | None


def lift(
    days: pl.DataFrame,
    events: pl.DataFrame,
    *,
    window: int = WINDOW,
    lasts: int | None = WINDOW,
    count: str = "n_visits",
    exposure: str = "open_hours",
    level: float = 0.95,
) -> Lift:
    """By what factor is a station used more in the `window` days after an event than it would have been?

    In: `days`, one row per station and day that a log covers: `station_id, class_code, day_on`, `count`, `exposure` in hours (null:
    unknown). `events`: `event_id, station_id, from_on, to_on`; the days from … to (of the event, or in which it fell) are on neither
    side; a side that the log ends in is cut to its whole weeks. `lasts`: days after which an effect is over; None: it stays. A station is compared with those of its class, logged
    throughout, with no event whose days or effect begin or end in the window.
    Out: `.events` in the order given, with `n_visits_before, n_visits_after, expected` (after, had nothing been done), `n_comparisons`,
    `rate_ratio`, `se` of its logarithm, `lci, uci`, and `reason` where there is no ratio: `no_station`, `no_date`, `no_log`, `edge_of_data` (no whole week),
    `hours_unknown` (or shut all the time on a side), `overlaps_another`, `no_comparison` (under 3 stations, or silent), `few_visits` (under 10
    expected; it counts in the pooled ratio all the same), `no_visits_after`. `.pooled`: the ratio of all visits after to all expected, `n_events`, `n_stations`, `method`: `placebo`, or
    `between_events` where at least 8 events differ by more than placebo stations do; `reason`.
    Raises PipelineError (exit 2) for columns that are absent.

    >>> from datetime import date, timedelta
    >>> first, names = date(2023, 5, 1), ["A", "B", "C", "D"]
    >>> days = pl.DataFrame([{"station_id": name, "class_code": "fixed", "day_on": first + timedelta(days=n), "open_hours": 8.0,
    ...     "n_visits": (30 if name == "A" else 20) if n > 14 else 10} for name in names for n in range(29)])
    >>> party = pl.DataFrame({"event_id": ["p"], "station_id": ["A"], "from_on": [date(2023, 5, 15)], "to_on": [date(2023, 5, 15)]})
    >>> lift(days, party).events.select("n_visits_before", "n_visits_after", "expected", "rate_ratio").row(0)  # all doubled, A tripled
    (140, 420, 280.0, 1.5)
    """
    _check(days, events, count, exposure)
    grid = spread_out(days, count, exposure)
    rows = [_event(grid, row, events, window, lasts) for row in events.iter_rows(named=True)]
    told = [row for row in rows if "expected" in row]
    extra = _extra(told)
    # placebo changes of one station in several events' windows are no new evidence
    df = max(len({name for row in told for name in row["names"]}) - 1, 1)
    figures = [row | _ratio([row], _variance([row], extra), df, level) if "expected" in row else row for row in rows]
    table = pl.concat([events, pl.DataFrame([{name: row.get(name) for name in FIGURES} for row in figures], schema=FIGURES)], how="horizontal")  # fmt: skip
    return Lift(table, _pooled(told, extra, df, level), float(np.sqrt(extra)) if told else None)


def _check(days: pl.DataFrame, events: pl.DataFrame, count: str, exposure: str) -> None:
    absent = [name for name in ("station_id", "class_code", "day_on", count, exposure) if name not in days.columns]
    absent += [name for name in ("event_id", "station_id", "from_on", "to_on") if name not in events.columns]
    if absent:
        fail(USAGE, Problem("column_absent", ", ".join(absent), "表中没有这些列", "the table has no such columns",
                            do_zh="请改列名参数", do_en="change the column names given"))  # fmt: skip


def _event(grid: Days, event: dict, events: pl.DataFrame, window: int, lasts: int | None) -> dict:
    """Visits before and after, what was to be expected, and how far placebo stations strayed."""
    reason = refusal(grid, event, events, window, lasts)
    if reason:
        return {"reason": reason}
    pool = comparisons(grid, event, events, window, lasts)
    place = grid.place[event["station_id"]]
    sides = grid.sides(event, window)
    before, after, hours_before, hours_after = (side[place] for side in sides)
    others = tuple(side[pool] for side in sides)
    facts = {"n_visits_before": int(before), "n_visits_after": int(after), "n_comparisons": len(pool)}
    if len(pool) < 3 or not others[0].sum() or not others[1].sum():
        return facts | {"reason": "no_comparison"}
    each = hours_after / hours_before * others[1].sum() / (others[0] * others[3] / others[2]).sum()
    return facts | {"reason": "", "expected": float(before * each), "each": float(each), "others": sum(1 / side.sum() for side in others[:2]),
                    "largest_part": float((others[0] ** 2).sum() / others[0].sum() ** 2),
                    "placebo": _placebos(*others), "names": [grid.names[other] for other in pool]}  # fmt: skip


def _placebos(before: np.ndarray, after: np.ndarray, hours_before: np.ndarray, hours_after: np.ndarray) -> np.ndarray:
    """Each comparison station against the others (rows): its log surprise, that of luck, and how often the extra variance stands
    in it: its own, and that of the others as far as few of them make up their sum."""
    base = before * hours_after / hours_before
    rest = base.sum() - base
    heard = (base > 0) & (rest > 0) & (after.sum() > after)  # a station silent before says nothing
    expected = base[heard] * (after.sum() - after)[heard] / rest[heard]
    part = ((base**2).sum() - base[heard] ** 2) / rest[heard] ** 2
    luck = 1 / (expected + 0.5) + 1 / (before[heard] + 0.5) + 1 / rest[heard] + 1 / (after.sum() - after[heard])
    return np.column_stack([np.log((after[heard] + 0.5) / (expected + 0.5)), luck, 1 + part])


def _extra(told: list[dict]) -> float:
    """Variance of placebo surprises beyond Poisson's, each weighed by what it tells of it (iterated moments)."""
    if not told:
        return 0.0
    surprise, luck, times = np.concatenate([row["placebo"] for row in told]).T
    extra = 0.0
    for _ in range(50):
        weight = times / (luck + extra * times) ** 2
        extra = max(0.0, float((weight * (surprise**2 - luck)).sum() / (weight * times).sum()))
    return extra


def _sums(told: list[dict]) -> tuple[int, float]:
    return sum(row["n_visits_after"] for row in told), sum(row["expected"] for row in told)


def _variance(told: list[dict], extra: float) -> float:
    """Variance of the logarithm of Σ after / Σ expected: luck of the counts here and there, and the extra of here and there."""
    after, expected = _sums(told)
    ratio = max(after, 1) / max(expected, 1)
    total = 0.0
    for row in told:
        of_here = max(row["n_visits_after"], 1 / len(told)) + (ratio * row["each"]) ** 2 * row["n_visits_before"]
        of_there = (ratio * row["expected"]) ** 2 * (row["others"] + extra * (1 + row["largest_part"]))
        total += of_here + of_there
    return total / max(after, 1) ** 2


def _ratio(told: list[dict], variance: float, df: int, level: float) -> dict:
    """The ratio and its interval on the log scale; of no visit at all only that no factor can be told."""
    after, expected = _sums(told)
    if expected < FEWEST_EXPECTED or not after:
        return {"rate_ratio": None, "reason": "few_visits" if expected < FEWEST_EXPECTED else "no_visits_after"}
    ratio, se = after / expected, float(np.sqrt(variance))
    reach = float(stats.t.ppf((1 + level) / 2, df)) * se
    return {"rate_ratio": ratio, "se": se, "lci": ratio * np.exp(-reach), "uci": ratio * np.exp(reach)}


def _pooled(told: list[dict], extra: float, df: int, level: float) -> pl.DataFrame:
    row: dict = {"n_events": len(told), "method": "none", "reason": "no_event", "n_comparisons": len({name for row in told for name in row["names"]})}  # fmt: skip
    if told:
        after, expected = _sums(told)
        variance, method = _variance(told, extra), "placebo"
        strays = np.array([row["n_visits_after"] / max(after, 1) - row["expected"] / max(expected, 1) for row in told])
        between = float((strays**2).sum()) * len(told) / max(len(told) - 1, 1)
        if len(told) >= ENOUGH_EVENTS and between > variance:
            variance, method, df = between, "between_events", len(told) - 1
        row |= {
            "n_visits_after": after,
            "expected": expected,
            "method": method,
            "reason": "",
            **_ratio(told, variance, df, level),
        }
    schema = {
        "n_events": pl.Int64,
        "method": pl.String,
        **{name: kind for name, kind in FIGURES.items() if name != "n_visits_before"},
    }
    return pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema)
