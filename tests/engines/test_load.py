"""A whole load on another engine stores the same events, and gives the same account of every row."""

from __future__ import annotations

