"""For whoever explores: measures of any variable under any choice, sentences that say what they show. Used by notebooks."""

from __future__ import annotations

from pipeline.findings.explore import tell, tell_groups, tell_numbers, tell_services, tell_use
from pipeline.findings.explore.choices import Choices, choose
from pipeline.findings.explore.coverage import access, coverage
from pipeline.findings.explore.funnel import funnel
from pipeline.findings.explore.gap_changes import change_of_gap
from pipeline.findings.explore.group_answers import association, differences, order
from pipeline.findings.explore.history import change, variable_history
from pipeline.findings.explore.numbers import compare_numbers, means, quantiles
from pipeline.findings.explore.opinions import importance, kano, kano_shares
from pipeline.findings.explore.page import Shown, begin, beside, readable, summary
from pipeline.findings.explore.small_group_shares import small_groups
from pipeline.findings.explore.stations_modelled import stations_modelled
from pipeline.findings.explore.survey import answers, blanks, flags, needs_and_gaps, steadiness
from pipeline.findings.explore.use import demand_rates, failures, open_time, programme, use_by, visits_by_month
from pipeline.findings.explore.use_lifts import activity_lift, fix_effect
from pipeline.findings.explore.use_rates import hourly_demand, use_rates
from pipeline.findings.explore.what_to_change import what_to_change
from pipeline.findings.explore.words import labelled

__all__ = [
    "Choices", "Shown", "access", "activity_lift", "answers", "association", "begin", "beside", "blanks", "change", "change_of_gap",
    "choose", "compare_numbers", "coverage", "demand_rates", "differences", "failures", "fix_effect", "flags", "funnel", "hourly_demand",
    "importance", "kano", "kano_shares", "labelled", "means", "needs_and_gaps", "open_time", "order", "programme", "quantiles",
    "readable", "small_groups", "stations_modelled", "steadiness", "summary", "tell", "tell_groups", "tell_numbers", "tell_services", "tell_use",
    "use_by", "use_rates", "variable_history", "visits_by_month", "what_to_change",
]  # fmt: skip
