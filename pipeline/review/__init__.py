"""A review workbook with a person's decisions → TOML in place/, with reviewer and date. Checked first, written whole or not."""

from pipeline.review.apply import Applied, apply

__all__ = ["Applied", "apply"]
