"""What deliveries look like, as data: codebooks, sources, waves and the study file, loaded from TOML and checked."""

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.codebook_files import load_codebooks, load_reasons
from pipeline.contracts.period import period_bounds, period_of, previous_period, same_quarter_last_year
from pipeline.contracts.source import Column, Source, Table
from pipeline.contracts.source_files import check_tables, load_sources
from pipeline.contracts.study_file import Area, StudyFile, load_place_tables, load_study_file
from pipeline.contracts.toml import load_toml
from pipeline.contracts.variables import Variable, load_variables
from pipeline.contracts.wave import Item, Option, Question, Wave
from pipeline.contracts.wave_files import load_wave, load_waves

__all__ = [
    "Area",
    "Codebook",
    "Column",
    "Item",
    "Option",
    "Question",
    "Source",
    "StudyFile",
    "Table",
    "Variable",
    "Wave",
    "check_tables",
    "load_codebooks",
    "load_place_tables",
    "load_reasons",
    "load_sources",
    "load_study_file",
    "load_toml",
    "load_variables",
    "load_wave",
    "load_waves",
    "period_bounds",
    "period_of",
    "previous_period",
    "same_quarter_last_year",
]
