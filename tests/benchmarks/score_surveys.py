"""How well the quality flags tell cheats from honest people: recall and false flags by kind, on simulated waves.

`python -m tests.benchmarks.score_surveys` prints the table of several waves together. The limits were tuned on `TUNED` kinds.
Three sets of unseen kinds were written one after the other, each after the limits stood; what each showed at first sight is in
docs/methods.md, and was mended in general terms. `FINAL` kinds were written last, and nothing was changed after they were scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import polars as pl

from pipeline.clean.surveys import SurveyContext, clean_wave
from pipeline.contracts.wave import FLAGS
from pipeline.readers.text_table import TextTable
from pipeline.simulate import AREAS
from pipeline.simulate.assumptions import generators, load_assumptions
from pipeline.simulate.cheats import TUNED
from pipeline.simulate.final_cheats import FINAL
from pipeline.simulate.geography import Area
from pipeline.simulate.last_unseen_cheats import LAST_UNSEEN
from pipeline.simulate.more_unseen_cheats import MORE_UNSEEN
from pipeline.simulate.oddities import ODD
from pipeline.simulate.scored_wave import Kind, scored_wave
from pipeline.simulate.unseen_cheats import UNSEEN
from pipeline.simulate.world import World, build_world
from pipeline.simulate.write_surveys import text_export

CONTEXT = SurveyContext("QC", b"scored", resolve_station="QC-{}".format, resolve_grid="QC-{}".format)
WAVES = ((1, 300), (2, 300), (3, 1000), (4, 1000), (5, 4000))  # seed and honest sheets without oddities


def world(seed: int, couriers: int) -> World:
    """A simulated district with so many couriers."""
    code, zh, en, name, lon, lat = AREAS[0]
    random = generators(seed, 1)[0]
    return build_world(
        Area(code, zh, en, name, "", lon, lat),
        load_assumptions(),
        random,
        stations=60,
        couriers=couriers,
        log_rows=None,
    )


def flagged_sheets(
    seed: int, n_honest: int, cheats: Mapping[str, Kind], *, cheat_share: float = 0.02, odd_share: float = 0.025
) -> pl.DataFrame:
    """One row per sheet of one wave: cheat and odd (kind or ''), and the flags. Each kind of cheat makes up `cheat_share` of
    the honest sheets, each oddity `odd_share`."""
    random = np.random.default_rng(seed)
    n_cheats, n_odd = max(6, round(cheat_share * n_honest)), max(6, round(odd_share * n_honest))
    wave, answers = scored_wave(
        world(seed, 3 * n_honest + 600), n_honest, {name: (kind, n_cheats) for name, kind in cheats.items()},
        {name: (kind, n_odd) for name, kind in ODD.items()}, random,
    )  # fmt: skip
    headings, cells = text_export(answers, wave.questions)
    names = [f"c{place}" for place in range(len(headings))]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    frame = frame.with_columns(source_row=pl.int_range(2, len(cells) + 2, dtype=pl.Int64))
    table = TextTable(Path("模拟.xlsx"), "Sheet1", tuple(headings), frame)
    people = clean_wave(wave, {"text": table}, CONTEXT).respondents.sort("source_row")
    return people.select(
        pl.Series("cheat", [row["_cheat"] for row in answers.rows]),
        pl.Series("odd", [row["_odd"] for row in answers.rows]),
        *(f"is_{flag}" for flag in FLAGS),
        any=pl.any_horizontal(f"is_{flag}" for flag in FLAGS),
    )


def score(sheets: pl.DataFrame, by: Iterable[str] = ("cheat", "odd")) -> pl.DataFrame:
    """Share flagged, at all and by flag, of each kind of sheet."""
    return sheets.group_by(*by).agg(
        n=pl.len(), any=pl.col("any").mean(), **{flag: pl.col(f"is_{flag}").mean() for flag in FLAGS}
    ).sort(*by)  # fmt: skip


def report(name: str, cheats: Mapping[str, Kind]) -> None:
    """Print the table of all waves together, and recall and false flags overall."""
    sheets = pl.concat([flagged_sheets(seed, n, cheats).with_columns(wave=pl.lit(f"{seed}/{n}")) for seed, n in WAVES])
    with pl.Config(tbl_rows=60, tbl_cols=20, tbl_width_chars=160, float_precision=3, tbl_hide_dataframe_shape=True):
        print(f"\n{name}\n{score(sheets)}")
        print(sheets.group_by("wave").agg(
            recall=pl.col("any").filter(pl.col("cheat") != "").mean(),
            false_flags=pl.col("any").filter(pl.col("cheat") == "").mean(),
        ).sort("wave"))  # fmt: skip
    cheating = pl.col("cheat") != ""
    print(
        f"recall {sheets.filter(cheating)['any'].mean():.3f}, false flags {sheets.filter(~cheating)['any'].mean():.4f}"
    )


if __name__ == "__main__":
    report("kinds the limits were tuned on", TUNED)
    report("unseen kinds: what they showed was mended", UNSEEN)
    report("more unseen kinds: what they showed was mended", MORE_UNSEEN)
    report("the third set of unseen kinds: what they showed was mended", LAST_UNSEEN)
    report("the final kinds: nothing was changed after them", FINAL)
