"""Weights of a survey wave: respondents and known totals → several weight sets side by side, with what each of them costs."""
