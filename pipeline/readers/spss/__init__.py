"""SPSS data files (.sav, .zsav): the answers as text, and what the file says of its questions."""
