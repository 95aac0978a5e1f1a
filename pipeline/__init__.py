"""Warm Stations: from the files people really keep to findings that can be trusted."""
