"""Which values are personal and what becomes of them: dropped, coarsened, or replaced by a keyed pseudonym.

Used first, by every cleaner: nothing personal reaches Parquet, DuckDB, a log file or a message. `keys.py` makes
pseudonyms, `headings.py` knows personal headings, `contacts.py` masks short text, `screen.py` free text: first what has a
form (`patterns.py`, `addresses.py`), then names (`names.py`, `given_names.py`) with the words of a segmenter (`segmenter.py`).
"""

from pipeline.privacy.contacts import coarsen_place, holds_contacts, mask_contacts
from pipeline.privacy.headings import PERSONAL_HEADING, is_personal_heading
from pipeline.privacy.keys import KEY_VARIABLE, key_fingerprint, pseudonym, study_key
from pipeline.privacy.screen import screen_text
from pipeline.privacy.signs import MASK

__all__ = [
    "KEY_VARIABLE",
    "MASK",
    "PERSONAL_HEADING",
    "coarsen_place",
    "holds_contacts",
    "is_personal_heading",
    "key_fingerprint",
    "mask_contacts",
    "pseudonym",
    "screen_text",
    "study_key",
]
