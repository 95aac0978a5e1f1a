"""What runs the SQL of the log room: DuckDB here, or a Spark Connect server elsewhere."""
