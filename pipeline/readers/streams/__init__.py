"""Large files in blocks: flat memory, and exactly the rows that `read_file` gives for the whole."""

from pipeline.readers.streams.opening import open_stream
from pipeline.readers.streams.stream import Block, Mark, Stream, texts_of

__all__ = ["Block", "Mark", "Stream", "open_stream", "texts_of"]
