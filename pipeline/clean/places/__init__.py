"""Which place a text means; places alike, places refused, and what is left for a person to decide."""
