"""From the warehouse to estimates: who answered and how they count, what they need, and the columns every table carries."""
