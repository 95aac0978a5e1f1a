"""Survey exports of any supported platform to clean respondents and answers. `wave.py` is the line."""

from pipeline.clean.surveys.exports import SurveyContext
from pipeline.clean.surveys.wave import CleanWave, clean_wave

__all__ = ["CleanWave", "SurveyContext", "clean_wave"]
