"""What one page says of each station: its facts, hours, services, standards and listings, and what to fix; all past the gate."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from pipeline import disclose
from pipeline.disclose import Disclosure
from pipeline.findings.finding import Context
from pipeline.findings.profiles.around import Around, surroundings
from pipeline.findings.profiles.facts import fact_disclosure, fact_rows
from pipeline.findings.profiles.services import SERVICES, service_rows
from pipeline.findings.profiles.standing import LISTINGS, STANDARDS, listing_rows, standard_rows

__all__ = ["Profiles", "gather"]


@dataclass(frozen=True)
class Profiles:
    """The tables behind the pages, each past the gate for its reader, and what lies around each station.

    `facts`: one row per station. `services`: one row per station and service. `standards`, `listings`: one row per station
    and standard, and per station and map. `around`: station → outlines near by. `declared`: name of a table → what it declares.
    """

    facts: pl.DataFrame
    services: pl.DataFrame
    standards: pl.DataFrame
    listings: pl.DataFrame
    around: dict[str, Around]
    declared: dict[str, Disclosure]

    def tables(self) -> dict[str, pl.DataFrame]:
        """The tables by name."""
        return {name: getattr(self, name) for name in self.declared}


def gather(con: duckdb.DuckDBPyConnection, context: Context) -> Profiles:
    """The profiles of the context's stations in its quarter; for the public of fixed and integrated ones only."""
    wanted = fact_rows(con, context)
    made = {
        "facts": (wanted, fact_disclosure(context)),
        "services": (service_rows(con, context), SERVICES),
        "standards": (standard_rows(con, context), STANDARDS),
        "listings": (listing_rows(con, context), LISTINGS),
    }
    ids = wanted["station_id"].implode()
    tables = {
        name: disclose.disclose(
            table.filter(pl.col("station_id").is_in(ids)), declared, audience=context.audience, name=f"stations.{name}"
        )
        for name, (table, declared) in made.items()
    }
    return Profiles(
        **tables,
        around=surroundings(con, context, tables["facts"]),
        declared={name: declared for name, (_, declared) in made.items()},
    )
