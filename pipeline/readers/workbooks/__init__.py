"""Workbook files: what calamine gives, and what it does not (merges, date system, error cells)."""
