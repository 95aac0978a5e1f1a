"""Survey estimation: a design apart from the data, influence values, and one routine from them to a covariance."""
