"""The one exception of this room: a text is given up as a whole."""

from __future__ import annotations


class Unread(Exception):
    """Some part of the text is not understood, or two readings are open; says which, for whoever works on the parser."""
