"""Shares and means of areas with few respondents each: borrow strength, and say how much was borrowed."""
