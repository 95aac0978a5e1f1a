"""For whoever explores: measures of any variable under any choice, sentences that say what they show. Used by notebooks."""

from __future__ import annotations

from pipeline.findings.explore import tell
from pipeline.findings.explore.choices import Choices, choose
from pipeline.findings.explore.history import change, variable_history
from pipeline.findings.explore.page import Shown, begin, beside, readable, summary
from pipeline.findings.explore.survey import answers, blanks, flags, funnel, needs_and_gaps, steadiness
from pipeline.findings.explore.use import demand_rates, failures, open_time, programme, use_by, visits_by_month
from pipeline.findings.explore.words import labelled

__all__ = [
    "Choices", "Shown", "answers", "begin", "beside", "blanks", "change", "choose", "demand_rates", "failures", "flags", "funnel",
    "labelled", "needs_and_gaps", "open_time", "programme", "readable", "steadiness", "summary", "tell", "use_by", "variable_history",
    "visits_by_month",
]  # fmt: skip
