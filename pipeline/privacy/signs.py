"""The sign that stands where a personal value stood, and the two signs used while screening."""

from __future__ import annotations

MASK = "〔已隐去〕"
# Noncharacters of Unicode: no text may hold them, so they cannot be confused with what somebody wrote.
HIDDEN = "\ufdd0"  # stands for MASK while screening: one letter that no pattern matches
BREAK = "\ufdd1"  # put inside what is known to be harmless, so that no pattern reaches across
