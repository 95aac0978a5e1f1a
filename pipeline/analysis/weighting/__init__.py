"""Weights that make a sample agree with what is known of its population; each comes with a report of what they cost."""
