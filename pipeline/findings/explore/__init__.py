"""For whoever explores: measures of any variable under any choice, sentences that say what they show. Used by notebooks."""

from __future__ import annotations

from pipeline.findings.explore import tell, tell_use
from pipeline.findings.explore.choices import Choices, choose
from pipeline.findings.explore.history import change, variable_history
from pipeline.findings.explore.page import Shown, begin, beside, readable, summary
from pipeline.findings.explore.survey import answers, blanks, flags, funnel, needs_and_gaps, steadiness
from pipeline.findings.explore.use import demand_rates, failures, open_time, programme, use_by, visits_by_month
from pipeline.findings.explore.use_lifts import activity_lift, fix_effect
from pipeline.findings.explore.use_rates import hourly_demand, use_rates
from pipeline.findings.explore.words import labelled

__all__ = [
    "Choices", "Shown", "activity_lift", "answers", "begin", "beside", "blanks", "change", "choose", "demand_rates", "failures", "fix_effect", "flags", "funnel", "hourly_demand",
    "labelled", "needs_and_gaps", "open_time", "programme", "readable", "steadiness", "summary", "tell", "tell_use", "use_by", "use_rates", "variable_history",
    "visits_by_month",
]  # fmt: skip
