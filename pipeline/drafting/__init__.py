"""A first wave file for a new questionnaire, proposed from its exports: read `draft.py` first."""
