"""Weights: raking, calibration, post-stratification, trimming, visits, and what each of them costs."""
