"""Text cells → values: dates, numbers with their qualifier and unit, lists of codes. What cannot be read is null, and
says why.

Every function of a column takes and gives Polars series of the same length. Digits are normalised (full-width to
half-width); names and option labels never are: NFKC would turn ，；：（） into ASCII and break labels.
"""

from pipeline.clean.values.dates import DateSetting, date_faults, dates, datetimes, months
from pipeline.clean.values.lists import ListOf, code_lists
from pipeline.clean.values.numbers import Written, numbers, read_numbers
from pipeline.clean.values.text import half_width, is_blank

__all__ = [
    "DateSetting", "ListOf", "Written", "code_lists", "date_faults", "dates", "datetimes", "half_width", "is_blank",
    "months", "numbers", "read_numbers",
]  # fmt: skip
