"""One sheet of a delivery: whose it is, which columns it has, what its cells mean, which clean tables its rows feed."""
