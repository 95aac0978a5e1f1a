"""Delimited text: bytes → characters → records → a table."""
