"""Use in logs: rates per open hour, what moves them, and what came after an activity or a repair."""
