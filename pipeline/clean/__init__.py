"""Text tables in, clean tables out: typed, coded, keyed, every raw row accounted for."""
