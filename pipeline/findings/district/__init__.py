"""A district in numbers: places with couriers, stations with hours and services, as the arrays that access is worked out from."""

from pipeline.findings.district.load import District, districts, load_district

__all__ = ["District", "districts", "load_district"]
