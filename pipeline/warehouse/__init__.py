"""The warehouse: its schema and dictionary, loading it, its marts, and opening it."""
