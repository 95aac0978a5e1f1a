"""Signs that an answer sheet was not filled in with care, one module per sign; `flags.py` joins them."""

from pipeline.clean.surveys.quality.flags import flagged, with_flags

__all__ = ["flagged", "with_flags"]
