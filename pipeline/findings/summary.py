"""What an official reads first: one conclusion, at most three actions, what is not known; all from disclosed tables."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline import disclose
from pipeline.findings import use_by_hour
from pipeline.findings.context import not_evaluable
from pipeline.findings.counts import main_wave
from pipeline.findings.finding import Context, Result
from pipeline.findings.need_not_met_by_grid import widest
from pipeline.findings.planning.first_screen import Action, plan_actions
from pipeline.findings.standards_progress import by_standard
from pipeline.findings.words import listed, number, percent, phrases, speaks_for

WORTH_ACTING = 0.10  # share in unmet need from which a grid cell is named
ENOUGH = 30  # answers from a grid cell before adding a service there is put to an official
NAMES = 2  # stations named in one action
THIN = 0.9  # share of stations below the threshold from which the survey is called silent on stations


@dataclass(frozen=True)
class Summary:
    """The first screen."""

    conclusion: str
    conclusion_id: str
    strength: str
    actions: tuple[Action, ...]
    unknowns: tuple[str, ...]


def summarise(results: list[Result], context: Context) -> Summary:
    """The first screen of a set of findings."""
    found = {result.finding.id: result for result in results}
    for name in ("need_not_met", "top_needed_services", "service_use", *found):
        if name in found and found[name].strength != "none":
            break
    lead = found.get(name) if found else None
    actions = plan_actions(found["what_to_change"].table, context) if "what_to_change" in found else []
    if not actions:
        makers = (_unmet, _failing, _unseen, _standard)
        actions = [made for maker in makers if (made := maker(found, context)) is not None]
    return Summary(
        lead.sentence(context.lang) + _supply(lead, found, context) if lead else "",
        lead.finding.id if lead else "",
        lead.strength if lead else "none",
        tuple(actions[:3]),
        tuple(_unknowns(found, context)),
    )


def _supply(lead: Result, found: dict[str, Result], context: Context) -> str:
    """What stations declare of the service the conclusion names first."""
    if lead.finding.id != "need_not_met" or "promised_vs_needed" not in found or len(context.areas) != 1:
        return ""
    gaps = main_wave(lead.table).filter(pl.col("est").is_not_null()).sort("est", descending=True, maintain_order=True)
    service = gaps["service_code"][0]
    rows = main_wave(found["promised_vs_needed"].table).filter(
        (pl.col("service_code") == service) & pl.col("n_stations").is_not_null()
    )
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    text = str(phrases()["conclusion"]["supply"][context.lang]).format(
        service=_service(context, service),
        offering=number(row["n_stations_offering"]),
        stations=number(row["n_stations"]),
        working=number(row["n_stations_working"]),
    )
    return text if context.lang == "zh" else f" {text}"


def _words(kind: str, name: str, context: Context, **values: object) -> str:
    return str(phrases()["actions"][kind][f"{name}_{context.lang}"]).format(**values)


def _hours(found: dict[str, Result], context: Context, kind: str = "peak") -> str:
    peak = use_by_hour.peak(found["use_by_hour"].table) if "use_by_hour" in found else None
    if peak is None:
        return _words("hours", "any", context)
    return _words("hours", kind, context, **{"from": peak[0], "to": peak[1]})


def _service(context: Context, code: str) -> str:
    return context.label("services", code).lower() if context.lang == "en" else context.label("services", code)


def _unmet(found: dict[str, Result], context: Context) -> Action | None:
    """The grid cell and service whose gap is widest, one that no station there declares if there is such."""
    if "need_not_met_by_grid" not in found:
        return None
    cells = widest(found["need_not_met_by_grid"].table).filter(pl.col("shrunken_est") >= WORTH_ACTING)
    if cells.is_empty():
        return None
    bare = cells.filter((pl.col("n_stations_offering").fill_null(0) == 0) & (pl.col("n") >= ENOUGH))
    row = (bare if bare.height else cells).row(0, named=True)
    place, service = context.label("grids", row["grid_id"]), _service(context, row["service_code"])
    count = row["n_stations_offering"] or 0
    offering = context.pick(f"登记提供{service}的{count}个驿站", f"the {count} stations declaring {service}")
    what = (
        _words("unmet", "what", context, place=place, service=service, offering=offering)
        if count
        else _words("unmet", "none", context, place=place, service=service)
    )
    why = _words("unmet", "why", context, share=percent(row["shrunken_est"]), service=service, n=row["n"])
    return Action(what, _hours(found, context), _words("unmet", "who", context), why, "need_not_met_by_grid")


def _failing(found: dict[str, Result], context: Context) -> Action | None:
    return _stations("declared_failing", "failing", found, context)


def _unseen(found: dict[str, Result], context: Context) -> Action | None:
    return _stations("declared_unseen", "unseen", found, context)


def _stations(evidence: str, kind: str, found: dict[str, Result], context: Context) -> Action | None:
    """Stations with this label, for the service respondents miss most among those concerned."""
    if "evidence_by_station" not in found:
        return None
    rows = found["evidence_by_station"].table.filter(pl.col("evidence_code") == evidence)
    if rows.is_empty():
        return None
    service = _most_missed(rows["service_code"].unique().sort().to_list(), found)
    names = rows.filter(pl.col("service_code") == service).sort("station_id")["station_name"].to_list()
    place = listed(names[:NAMES], context.lang)
    if len(names) > NAMES:
        place = context.pick(f"{place}等{len(names)}站", f"{', '.join(names[:NAMES])} and {len(names) - NAMES} more")
    return Action(
        _words(kind, "what", context, place=place, service=_service(context, service)),
        _hours(found, context, {"failing": "repair", "unseen": "visit"}[kind]),
        _words(kind, "who", context),
        _words(kind, "why", context, count=number(rows.height)),
        "evidence_by_station",
    )


def _most_missed(services: list[str], found: dict[str, Result]) -> str:
    for name in ("need_not_met", "top_needed_services"):
        if name in found and found[name].table.height:
            gaps = main_wave(found[name].table).filter(
                pl.col("service_code").is_in(services) & pl.col("est").is_not_null()
            )
            if gaps.height:
                return str(gaps.sort("est", "service_code", descending=[True, False])["service_code"][0])
    return services[0]


def _standard(found: dict[str, Result], context: Context) -> Action | None:
    """The standard that most stations are known not to meet."""
    if "standards_progress" not in found or found["standards_progress"].table.is_empty():
        return None
    rows = by_standard(found["standards_progress"].table).with_columns(
        (pl.col("n_partly") + pl.col("n_not_met")).alias("short")
    )
    row = rows.sort("short", "standard_code", descending=[True, False]).row(0, named=True)
    if not row["short"]:
        return None
    place = _words("standard", "place", context)
    return Action(
        _words("standard", "what", context, place=place, standard=context.label("standards", row["standard_code"])),
        _words("hours", "any", context),
        _words("standard", "who", context),
        _words("standard", "why", context, stations=row["n_stations"], count=row["short"]),
        "standards_progress",
    )


def _unknowns(found: dict[str, Result], context: Context) -> list[str]:
    """What the period's evidence leaves open, counted from the disclosed tables."""
    say = lambda name, **values: str(phrases()["unknown"][f"{name}_{context.lang}"]).format(**values)  # noqa: E731
    lines = [_optin(found, context, say)] if "who_answered" in found and found["who_answered"].table.height else []
    seasons = not_evaluable(context)
    if seasons:
        lines.append(say("season", services=listed([context.label("services", c) for c in seasons], context.lang)))
    if "service_use" in found:
        use = found["service_use"].table.drop_nulls(["n_visits", "unknown_visit_share"]).filter(pl.col("n_visits") > 0)
        share = (use["n_visits"] * use["unknown_visit_share"]).sum() / use["n_visits"].sum() if use.height else 0.0
        if share > 0.005:
            lines.append(say("users", share=percent(share)))
    if "evidence_by_station" in found and found["evidence_by_station"].table.height:
        lines += _station_unknowns(found["evidence_by_station"].table, say)
    hidden = sum(disclose.hidden_rows(result.table) for result in found.values())
    if hidden:
        lines.append(say("hidden", hidden=number(hidden)))
    return lines


def _optin(found: dict[str, Result], context: Context, say) -> str:
    """What volunteering leaves open: how far the widest gap might lie, where shares are weighted to known totals."""
    rows = main_wave(found["need_not_met"].table) if "need_not_met" in found else pl.DataFrame()
    rows = rows.filter(pl.col("band_low").is_not_null()).sort("est", descending=True) if rows.height else rows
    if rows.is_empty() or speaks_for(rows) == "respondents":
        return say("optin")
    top = rows.row(0, named=True)
    service = _service(context, top["service_code"])
    return say("weighted", service=service, low=percent(top["band_low"]), high=percent(top["band_high"]))


def _station_unknowns(rows: pl.DataFrame, say) -> list[str]:
    lines = []
    unseen = rows.filter(pl.col("evidence_code") == "declared_unseen").height
    silent = rows.filter(pl.col("evidence_code") == "declared_no_log")["station_id"].n_unique()
    thin = 1 - rows.filter("is_answered_here")["station_id"].n_unique() / rows["station_id"].n_unique()
    if unseen:
        lines.append(say("unseen", count=number(unseen)))
    if silent:
        lines.append(say("nolog", count=number(silent)))
    if thin >= THIN:
        lines.append(say("thin"))
    return lines
