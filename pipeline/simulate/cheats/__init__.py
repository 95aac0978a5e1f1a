"""Kinds of careless and false answer sheets: those the rules were tuned on, and four sets written after the rules then stood."""
