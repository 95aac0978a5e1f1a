"""Our numbers against those of another package, svy, on random designs: means, totals, shares, ratios, domains, quantiles.

Where svy is wrong it is left out: its tables drop the second stage, its rank tests the FPC, and a quantile that falls on a tie
may be the next answer; weights here are whole numbers and p odd, so that none does. `tests/golden` keeps R's numbers of these.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import means, ratios, shares, totals
from pipeline.analysis.survey.independence import independence
from pipeline.analysis.survey.quantiles import quantiles
from pipeline.analysis.survey.rank_tests import rank_test

svy = pytest.importorskip("svy", reason="the second opinion is not installed")
SEEDS = range(4)
KINDS = ("alone", "strata", "clusters", "two stages")


def sample(seed: int, kind: str) -> tuple[pl.DataFrame, dict, dict]:
    """A simulated frame, and its design in our words and in theirs."""
    dice = np.random.default_rng(seed)
    rows = []
    for h in range(3):
        for i in range(int(dice.integers(3, 6))):
            size = 1 if kind in ("alone", "strata") else int(dice.integers(2, 6))
            level, weight = dice.normal(), float(dice.integers(2, 9))
            for j in range(size):
                rows.append({"h": f"h{h}", "i": f"{h}-{i}", "j": f"{h}-{i}-{j}", "w": weight, "N": 9 + h, "M": size + 1 + i % 3,
                             "y": 10 + 3 * level + dice.normal(), "x": 5 + dice.exponential(), "g": "ab"[int(dice.random() < 0.4)],
                             "d": "pqr"[int(dice.integers(3))]})  # fmt: skip
    frame = pl.DataFrame(rows).with_columns(total=pl.lit(40))
    ours = {
        "alone": {"fpc": "total"}, "strata": {"strata": "h", "fpc": "N"}, "clusters": {"strata": "h", "psu": "i", "fpc": "N"},
        "two stages": {"strata": "h", "psu": "i", "ssu": "j", "fpc": "N", "fpc2": "M"},
    }[kind]  # fmt: skip
    theirs = {
        "alone": {"pop_size": "total"}, "strata": {"stratum": "h", "pop_size": "N"},
        "clusters": {"stratum": "h", "psu": "i", "pop_size": "N"},
        "two stages": {"stratum": "h", "psu": "i", "ssu": "j", "pop_size": svy.PopSize(psu="N", ssu="M")},
    }[kind]  # fmt: skip
    return frame, ours, theirs


@pytest.fixture(params=[(seed, kind) for seed in SEEDS for kind in KINDS], ids=lambda p: f"{p[1]}-{p[0]}")
def both(request):
    frame, ours, theirs = sample(*request.param)
    other = svy.Sample(frame, svy.Design(wgt="w", **theirs))
    return frame, design(frame, weights="w", **ours), other


def same(got, se, found: pl.DataFrame) -> None:
    assert np.asarray(got).tolist() == pytest.approx(found["est"].to_list(), rel=1e-9)
    assert np.asarray(se).tolist() == pytest.approx(found["se"].to_list(), rel=1e-8)


def test_means_totals_and_ratios_agree(both) -> None:
    frame, made, other = both
    y, x, one = frame["y"].to_numpy(), frame["x"].to_numpy(), pl.DataFrame({"of": ["y"]})
    mean, total, ratio = means(made, {"y": y}), totals(made, one, y), ratios(made, one, y, x)
    same(mean.est, mean.se, other.estimation.mean("y").to_polars())
    same(total.est, total.se, other.estimation.total("y").to_polars())
    same(ratio.est, ratio.se, other.estimation.ratio("y", "x").to_polars())
    table = mean.table().join(other.estimation.mean("y").to_polars(), on="n", suffix="_other")
    assert table.select("lci", "uci").row(0) == pytest.approx(table.select("lci_other", "uci_other").row(0), rel=1e-8)


def test_domains_and_shares_agree(both) -> None:
    frame, made, other = both
    levels = frame["d"].unique().sort()
    inside = np.stack([(frame["d"] == level).to_numpy() for level in levels], axis=1).astype(float)
    labels = pl.DataFrame({"d": levels})
    mean = ratios(made, labels, inside * frame["y"].to_numpy()[:, None], inside)
    share = shares(made, inside, np.ones(frame.height), labels)
    same(mean.est, mean.se, other.estimation.mean("y", by="d").to_polars().sort("d"))
    same(share.est, share.se, other.estimation.prop("d").to_polars().sort("d"))


def test_quantiles_agree(both) -> None:
    frame, made, other = both
    found = quantiles(made, frame["y"].to_numpy(), [0.2511, 0.4987, 0.7493], interval="mean")
    theirs = other.estimation.quantile("y", p=(0.2511, 0.4987, 0.7493)).to_polars()
    assert found["est"].to_list() == pytest.approx(theirs["est"].to_list(), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_tests_of_independence_and_ranks_agree_where_there_is_one_stage_and_no_fpc(seed: int) -> None:
    frame, _, _ = sample(seed, "clusters")
    made = design(frame, weights="w", strata="h", psu="i")
    other = svy.Sample(frame, svy.Design(wgt="w", stratum="h", psu="i")).categorical
    f, theirs = independence(made, frame["g"], frame["d"]).row(0, named=True), other.tabulate("g", "d").stats.f
    found = [f[name] for name in ("statistic", "df1", "df2", "p")]
    assert found == pytest.approx([theirs.value, theirs.df_num, theirs.df_den, theirs.p_value], rel=1e-8)
    ranks, svys = rank_test(made, frame["y"].to_numpy(), frame["g"]), other.ranktest("y", group="g").stats
    assert (ranks.statistic, ranks.df2, ranks.p) == pytest.approx((svys.value, svys.df, svys.p_value), rel=1e-8)
