"""What to change next: prices, what stands now, the bundles that could be done, the best of them, and how sure that is."""
