"""Open answers to topics: `open_rows.py` finds them, `matching.py` reads one text, `coding.py` makes the table, `words.py`
lists what no topic knows yet, `quotes.py` the sentences that a reviewer released."""

from pipeline.clean.surveys.open_answers.coding import code_open_answers
from pipeline.clean.surveys.open_answers.quotes import released_quotes
from pipeline.clean.surveys.open_answers.tables import open_answer_tables
from pipeline.clean.surveys.open_answers.words import uncoded_words

__all__ = ["code_open_answers", "open_answer_tables", "released_quotes", "uncoded_words"]
