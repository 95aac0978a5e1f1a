"""Recognising a file by its content and refusing what cannot be opened safely."""
