"""Every reference case of the folder, each quantity within its tolerance of R's."""

from __future__ import annotations

import pytest

from tests.reference import of_areas, of_estimates, of_tests, of_weighting
from tests.reference.cases import case_ids, check, load, needs_cases

MODULES = (of_areas, of_estimates, of_tests, of_weighting)
RUNNERS = {stat: run for module in MODULES for stat, run in module.RUNNERS.items()}


def runner(case):
    """What answers a case: by its statistic, or by a condition that only some cases of it hold."""
    stat = case["call"]["stat"]
    if stat == "mean+total" and "certainty" in case["expect"]:
        return of_estimates.run_lonely
    found = RUNNERS.get(stat) or RUNNERS.get(stat.split("+")[0])
    if found is None:
        pytest.fail(f"{case['id']}: {stat}: no function answers this statistic", pytrace=False)
    return found


@needs_cases
@pytest.mark.parametrize("case_id", case_ids() or ["none"])
def test_the_case_agrees_with_r(case_id: str) -> None:
    if case_id.startswith("sdc_"):
        pytest.skip("suppression is judged where tables are disclosed")
    case = load(case_id)
    check(case_id, runner(case)(case), scale=1.0)
