"""Round rules to count with."""

from pipeline.analysis.verdicts.rules import DeclaredRules, GivenRules, KnownRules, WorkRules

WORKS = WorkRules(
    half_life_days=100, prior_mean=0.8, prior_weight=4, between=4, check_met=(0.8, 0.2), check_partly=(0.1, 0.2), check_not_met=(0.1, 0.6),
    none_working=(0.02, 0.8), some_working=(0.98, 0.2), unserved_works=(1.0, 19.0), unserved_fails=(6.0, 2.0), stock_out_works=0.01,
    stock_out_fails=0.05, stock_out_most=10.0,
)  # fmt: skip
DECLARED = DeclaredRules(share_weight=4, looked_at=(0.9, 0.1))
GIVEN = GivenRules(served_from=3, prior_mean=0.05, prior_weight=20, mislogged=0.003, shape=1.5)
KNOWN = KnownRules(
    little_share=0.15, little_weight=40, little_factor=0.6, little_spread=0.15, spread_known=0.12, spread_most=0.6, met_ratio=0.5, met_weight=10
)  # fmt: skip
