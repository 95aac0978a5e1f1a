"""Rank sets against csranks, and adjusted p-values against p.adjust."""

from __future__ import annotations

import numpy as np

from pipeline.analysis.multiplicity import adjusted
from pipeline.analysis.ranks import rank_sets
from tests.reference.cases import check, load, needs_cases

pytestmark = needs_cases


def test_rank_sets_of_pisa_countries() -> None:
    """Ranks may differ by one: the critical value is simulated there and here."""
    case = load("ranks_pisa2018_math")
    frame, expect = case["frame"], case["expect"]
    cov = np.diag(frame["se"].to_numpy() ** 2)
    failing = []
    for stepdown, suffix in ((False, ""), (True, "_stepdown")):
        sets = rank_sets(frame["x"], cov, stepdown=stepdown)
        for column, name in (("rank_from", f"L{suffix}"), ("rank_to", f"U{suffix}")):
            off = np.abs(sets[column].to_numpy() - np.array(expect[name])).max()
            failing += [f"ranks_pisa2018_math: {name}: off by {off}"] if off > 1 else []
    print(*failing, sep="\n")
    assert not failing
    assert sets["rank"].to_list() == expect["rank"]


def test_a_country_by_itself_lies_between_sets_a_point_more_and_less_sure() -> None:
    """Several countries' comparisons lie within simulation error of the critical value (Slovenia by two places)."""
    case = load("ranks_pisa2018_math")
    frame, expect = case["frame"], case["expect"]
    cov = np.diag(frame["se"].to_numpy() ** 2)
    wide, narrow = (rank_sets(frame["x"], cov, simultaneous=False, level=level) for level in (0.96, 0.94))
    for column, name, sign in (("rank_from", "L_marginal", 1), ("rank_to", "U_marginal", -1)):
        between = sign * np.array(expect[name])
        assert (sign * wide[column].to_numpy() <= between).all(), name
        assert (between <= sign * narrow[column].to_numpy()).all(), name


def test_p_values_adjusted_for_their_number() -> None:
    case = load("padjust_give")
    methods = {"BH": "bh", "BY": "by", "holm": "holm", "bonferroni": "bonferroni"}
    got = {name: adjusted(case["call"]["p"], method) for name, method in methods.items()}
    check("padjust_give", [(name, got[name], case["expect"][name], case["tol_rel"]) for name in methods])
