"""The first changes of the list, as they stand on the first screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.findings.district.rules import walking
from pipeline.findings.finding import Context
from pipeline.findings.planning.lines import FUNDED, VERIFY
from pipeline.findings.words import number, phrases

FINDING_ID = "what_to_change"
MOST = 3  # on the first screen


@dataclass(frozen=True)
class Action:
    """Something to do: what, at which hours, who does it, on what evidence, and the finding it rests on."""

    what: str
    hours: str
    who: str
    why: str
    finding_id: str


def plan_actions(rows: pl.DataFrame, context: Context) -> list[Action]:
    """The places of the list that add most, over all areas; none where there is no list. From the disclosed rows."""
    chosen = rows.filter(pl.col("kind_code").is_in([FUNDED, VERIFY]) & pl.col("gain").is_not_null())
    chosen = chosen.sort("gain", descending=True, maintain_order=True).head(MOST)
    return [_action(row, context) for row in chosen.iter_rows(named=True)]


def _action(row: dict[str, Any], context: Context) -> Action:
    lang = context.lang
    words = {
        name.removesuffix(f"_{lang}"): text
        for name, text in phrases()["actions"]["plan"].items()
        if name.endswith(f"_{lang}")
    }
    between = (
        words["range"].format(low=number(row["gain_low"]), high=number(row["gain_high"]))
        if row["gain_low"] is not None
        else ""
    )
    why = words["why"].format(
        gain=number(row["gain"]), range=between, walk=number(walking().radius_m), cost=number(row["cost_yuan"]),
        once=number(row["one_off_yuan"]), yearly=number(row["yearly_yuan"]), assumed=words["assumed"] if row["is_assumed"] else "",
        certainty=context.label("certainty", row["certainty_code"]), agreement=words["agreement"] if row["needs_agreement"] else "",
    )  # fmt: skip
    what = words["what"].format(place=row[f"place_{lang}"], what=row[f"what_{lang}"])
    return Action(what, str(row[f"hours_{lang}"]), str(row[f"who_{lang}"]), why, FINDING_ID)
