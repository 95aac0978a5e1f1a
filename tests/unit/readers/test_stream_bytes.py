"""Counts over bytes: strict quotes are told from others wherever a window ends."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.readers.streams import byte_checks
from pipeline.readers.streams.byte_checks import lines_seen

QUOTED = r'"(?:[^"]|"")*"'
STRICT = re.compile(rf'(?:{QUOTED}|[^",\n]*)(?:(?:,|\r?\n)(?:{QUOTED}|[^",\n]*))*\r?')


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet='a",\n\t', max_size=24), window=st.integers(1, 6), quotes=st.booleans())
def test_strict_quotes_and_the_delimiters_outside_them_are_told(text, window, quotes):
    text = text if quotes else text.replace('"', "")
    if not text:
        return
    kept, byte_checks._WINDOW = byte_checks._WINDOW, window
    try:
        seen = lines_seen(text.encode(), ",", has_quotes='"' in text)
    finally:
        byte_checks._WINDOW = kept
    assert seen.is_strict == bool(STRICT.fullmatch(text))
    assert seen.n_lines == text.count("\n") and seen.n_low == text.count("\n")
    if seen.is_strict:
        bare = re.sub(QUOTED, lambda cell: "x" * cell[0].count("\n"), text)
        assert seen.n_cuts == bare.count(",")
        n_inside = text.count("\n") - bare.count("\n")
        assert (0 if seen.ends is None else int((~seen.ends).sum())) == n_inside


def test_pairs_and_lone_returns_are_counted():
    seen = lines_seen(b"a\tb\r\nc\rd\r\n", ",", has_quotes=False)
    assert (seen.n_lines, seen.n_pairs, seen.n_low) == (2, 2, 5)
