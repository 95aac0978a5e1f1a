"""Numbers of R for the core, with their pedigree, and the wrong number that a naive method gives.

R 4.2.2, survey 4.1-1 (4.5 gives the same but for lonely "adjust", whose mended value stands here). Data: those of R's survey
package, schools of California in 2000, here without names. Two stages: dclus2 <- svydesign(id = ~dnum + snum, weights = ~pw,
fpc = ~fpc1 + fpc2, data = apiclus2): 40 of 757 districts, up to 5 schools each. One stage: dclus1 <- svydesign(id = ~dnum,
weights = ~pw, fpc = ~fpc, data = apiclus1): 15 of 757 districts, all their schools. Lonely unit: made up.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from pipeline.analysis.survey.design import design
from pipeline.analysis.survey.estimates import contrasts, means, ratios, totals
from pipeline.analysis.survey.independence import independence
from pipeline.analysis.survey.quantiles import quantile, quantiles
from pipeline.analysis.survey.rank_tests import rank_test

# schools there are in a district; of those drawn: type (E, H, M), awarded (y, n), score
# fmt: off
TWO_STAGES = [
    (1, "Ey821"), (1, "Ey773"), (3, "En600 Mn740 Ey716"), (1, "Ey811"), (3, "Ey472 Ey520 Mn568"),
    (3, "Hn591 En544 My612"), (4, "Ey926 Ey890 Ey903 En901"), (1, "Hn453"), (4, "En569 En545 Mn584 Ey601"),
    (11, "Ey622 My610 Ey622 Ey783 Ey612"), (2, "En536 En524"), (1, "Hy636"), (5, "En666 Hn698 My713 Ey614 Ey701"),
    (4, "Ey927 Ey934 Ey933 My903"), (5, "Ey911 Ey889 Ey874 My861 Ey842"), (4, "Mn652 En554 Mn553 En601"),
    (1, "Ey607"), (5, "Ey717 Ey646 Mn644 Hy631 Ey690"), (2, "Hy622 Hn566"), (5, "Ey615 My596 Hn547 En541 Ey621"),
    (5, "Hy912 Ey929 My909 Ey951 Ey912"), (2, "My759 Ey803"), (36, "Hn660 Mn502 Hn479 Ey545 Ey478"), (1, "Ey710"),
    (28, "Ey769 Ey865 Ey808 Ey840 My840"), (7, "Ey818 Ey821 Ey868 Ey892 Ey824"),
    (72, "Ey580 Ey807 Mn537 Ey690 En489"), (14, "Ey641 Hn542 Hn645 En543 En486"),
    (7, "En756 Ey795 Ey773 Ey772 Hy743"), (2, "My794 Ey751"), (4, "Hn631 Hn555 Hn608 Hn627"),
    (3, "My772 En738 Hn670"), (2, "Ey673 Ey711"), (2, "My730 Ey711"), (1, "Hn468"),
    (9, "Ey766 En742 My776 My742 En626"), (1, "En747"), (2, "En620 My602"), (6, "Ey895 Ey844 Ey869 Ey851 Ey861"),
    (1, "Ey653"),
]
# a district a line: learners of English in percent, met its target (y, n)
ONE_STAGE = [
    "22y 23y 27y 17n 27y 24y 10y 33n 36y 21y 26y", "52y 70y 73y 72y", "42n 53y",
    "38y 25n 67y 12n 14n 29y 29y 25y 4y 2y 8y 13n 4y", "39y 22y", "3n 4n 8n 4n", "28y 38y 45y 37n",
    "11y 27y 27y 8n 12y 12y 27y 22y 26y 35y 70y 12n 26y 42y 46n 5y", "0y 1n 2n 1y 0y 1n 0n 0n 6y",
    "32y 25n 44y 13y 14y 59y 16n 18y 52y 61y 18n 36y 37n 54y 32n 26y 54y 18y 46y 8y 23n 25n 48y 42y 34y 50y 16y 63y 16y 25y 23y 21n 13y 21y",
    "11n 7n 72y 19n 64y 39y 21y 59n 8y 29n 26n 1y 20y 44y 44y 32y 37y 16y 8n 14y 1y",
    "23n 25y 14n 33y 34y 55y 35y 31n 49y 30n 39y 37n 34y 36y 26n 24y 30n 43n 42n 46y 26y 35y 27y 28y 8y 49n 20y 26n 25y 27y 23y 27y 3y 6y 9y 39y 21y",
    "35y 24y 20n 25n 18y 25y 29y 34y 17n 41y 56y 27y 55y", "38y", "21y 39y 25y 17y 21y 26y 24y 29n 48y 13y 31y 30y",
]
# fmt: on
SCHOOLS = pl.DataFrame(
    [
        {
            "district": i,
            "school": j,
            "here": here,
            "weight": 18.925 * here / len(drawn.split()),
            "type": text[0],
            "awarded": text[1],
            "score": float(text[2:]),
        }
        for i, (here, drawn) in enumerate(TWO_STAGES)
        for j, text in enumerate(drawn.split())
    ]
).with_columns(districts=757)  # fmt: skip
CLUSTERS = pl.DataFrame(
    [
        {"district": i, "learners": float(re.sub(r"\D", "", text)), "met": text[-1], "weight": 33.847, "districts": 757}
        for i, line in enumerate(ONE_STAGE)
        for text in line.split()
    ]
)
LONELY = pl.DataFrame({"stratum": [1, 1, 1, 2, 2, 3], "weight": [10.0, 10, 10, 12, 12, 30]})
Y = np.array([3.0, 5, 4, 9, 7, 20])


def both_stages():
    return design(SCHOOLS, psu="district", ssu="school", fpc="districts", fpc2="here")


def first_stage_only():
    return design(SCHOOLS, psu="district", fpc="districts")


def score(made):
    return means(made, {"score": SCHOOLS["score"].to_numpy()})


def test_a_mean_of_two_stages_has_the_error_of_both() -> None:
    """svymean(~api00, dclus2), printed by R's documentation as 670.81 (30.099). Dropping the second stage: 29.889; schools as if drawn singly: 20.016."""
    mean = score(both_stages())
    assert (mean.est[0], mean.se[0]) == pytest.approx((670.811808118081, 30.0990273768366), rel=1e-8)
    assert score(first_stage_only()).se[0] == pytest.approx(29.889, abs=0.001)


def test_domains_of_two_stages_keep_every_district_also_those_without_a_member() -> None:
    """svyby(~api00, ~stype, dclus2, svymean) and svytotal; a subset that forgets 20 districts: another SE of the total."""
    inside = np.stack([(SCHOOLS["type"] == t).to_numpy() for t in "EHM"], axis=1).astype(float)
    values, labels = inside * SCHOOLS["score"].to_numpy()[:, None], pl.DataFrame({"type": list("EHM")})
    mean, total = ratios(both_stages(), labels, values, inside), totals(both_stages(), labels, values)
    assert mean.est.tolist() == pytest.approx([692.810400866739, 598.340659340659, 642.352], rel=1e-8)
    assert mean.se.tolist() == pytest.approx([29.926604237403, 17.694167126091, 45.0913163003311], rel=1e-8)
    assert total.est.tolist() == pytest.approx([2420371.24, 412178.93, 607825.58], rel=1e-8)
    assert total.se.tolist() == pytest.approx([740445.61202131, 166661.899350694, 179505.496966554], rel=1e-8)
    forgetful = SCHOOLS.filter(type="H")
    only = design(forgetful, psu="district", ssu="school", fpc="districts", fpc2="here", lonely="certainty")
    short = totals(only, pl.DataFrame({"type": ["H"]}), forgetful["score"].to_numpy())
    assert abs(short.se[0] / 166661.9 - 1) > 0.01


def test_difference_of_two_domains_uses_their_covariance() -> None:
    inside = np.stack([(SCHOOLS["type"] == t).to_numpy() for t in "EH"], axis=1).astype(float)
    of = ratios(
        both_stages(), pl.DataFrame({"type": ["E", "H"]}), inside * SCHOOLS["score"].to_numpy()[:, None], inside
    )
    gap = contrasts(of, np.array([[1.0, -1.0]]), pl.DataFrame({"of": ["E − H"]}))
    assert gap.se[0] ** 2 == pytest.approx(of.cov[0, 0] + of.cov[1, 1] - 2 * of.cov[0, 1])
    assert gap.se[0] != pytest.approx(np.hypot(*of.se), rel=0.01)


def test_a_test_of_independence_holds_the_second_stage() -> None:
    """svychisq(~awards + stype, dclus2): F 10.08, Chisq, Wald, adjWald, saddlepoint. Dropping the second stage: F 10.6, as svy
    0.35 gives it; as if drawn singly, X² = 29.7 and p = 3.5e-7."""
    found = {row["test"]: row for row in independence(both_stages(), SCHOOLS["awarded"], SCHOOLS["type"]).to_dicts()}
    f, chisq = found["F"], found["Chisq"]
    right = (10.0814991288761, 1.80450366652146, 70.3756429943371, 0.000234239195969022)
    assert (f["statistic"], f["df1"], f["df2"], f["p"]) == pytest.approx(right, rel=1e-7)
    assert (chisq["statistic"], chisq["p"]) == pytest.approx((29.7102256399153, 4.18466367407405e-05), rel=1e-7)
    assert found["Wald"]["statistic"] == pytest.approx(2.46652644294505, rel=1e-7)
    assert found["adjWald"]["p"] == pytest.approx(0.104037822124161, rel=1e-7)
    assert found["saddlepoint"]["p"] == pytest.approx(0.000364542760907219, rel=1e-6)
    naive = independence(first_stage_only(), SCHOOLS["awarded"], SCHOOLS["type"])["statistic"][0]
    assert naive == pytest.approx(10.6, abs=0.05)


def test_rank_tests_hold_the_fpc() -> None:
    """svyranktest(ell ~ comp.imp, dclus1). Without the FPC, as svy 0.35 has it, t = 2.115 in place of 2.137."""
    made = design(CLUSTERS, psu="district", fpc="districts")
    learners, met = CLUSTERS["learners"].to_numpy(), CLUSTERS["met"]
    wilcoxon, median = (rank_test(made, learners, met, test) for test in ("wilcoxon", "median"))
    assert wilcoxon.differences[0] == pytest.approx(0.136315789473684, rel=1e-8)
    assert (wilcoxon.statistic, wilcoxon.p) == pytest.approx((2.13672375802068, 0.0522058126264348), rel=1e-7)
    assert rank_test(made, learners, met, "van_der_waerden").statistic == pytest.approx(2.16180218348655, rel=1e-8)
    assert (median.statistic, median.p) == pytest.approx((1.68658181619927, 0.115518288952621), rel=1e-7)
    without = rank_test(design(CLUSTERS, psu="district"), learners, met)
    assert without.statistic == pytest.approx(2.13672375802068 * np.sqrt(1 - 15 / 757), rel=1e-8)


@pytest.mark.parametrize(
    ("policy", "mean", "total"),
    [("certainty", 0.352348775879732, 29.5972971738975), ("remove", 0.352348775879732, 29.5972971738975),
     ("adjust", 3.28426152021527, 448.976614090311), ("average", 0.431537356199806, 36.2491379207837)],
)  # fmt: skip
def test_a_stratum_with_one_unit_goes_by_its_policy(policy: str, mean: float, total: float) -> None:
    """options(survey.lonely.psu = policy); svymean, svytotal. survey 4.1-1 gives 600.73 for the total of "adjust"."""
    made, labels = design(LONELY, strata="stratum", lonely=policy), pl.DataFrame({"of": ["y"]})
    assert ratios(made, labels, Y, np.ones(6)).se[0] == pytest.approx(mean, rel=1e-8)
    assert totals(made, labels, Y).se[0] == pytest.approx(total, rel=1e-8)


def test_a_quantile_at_a_tie_is_the_answer_where_the_share_is_reached() -> None:
    """svyquantile(~enroll, srs, .75): the 150th of 200 (664); sums of weights in floating point miss .75 and give the 151st
    (svy 0.35: 682)."""
    answers, weights = np.arange(1.0, 201.0), np.full(200, 30.97)
    assert quantile(answers, weights, 0.75) == 150
    naive = np.searchsorted(np.cumsum(np.full(10, 0.1)), 0.8)
    assert (naive, quantile(np.arange(1.0, 11.0), np.full(10, 0.1), 0.8)) == (8, 8.0)


def test_the_ends_of_a_quantile_are_read_off_the_share_below_it() -> None:
    """svyquantile(~ell, dclus1) would need the schools' order for ties only: ends are answers that somebody gave."""
    made = design(CLUSTERS, psu="district", fpc="districts")
    learners = CLUSTERS["learners"].to_numpy()
    found = quantiles(made, learners, [0.25, 0.5, 0.75], interval="mean")
    assert set(found.select("est", "lci", "uci").to_numpy().ravel()) <= set(learners)
    assert (found["lci"] < found["est"]).all() and (found["est"] < found["uci"]).all()
