"""Everything a study has agreed on, loaded together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.codebook_files import load_codebooks, load_reasons
from pipeline.contracts.corrections import Correction, load_corrections
from pipeline.contracts.costs import ActionCost, load_costs
from pipeline.contracts.linked import link_problems
from pipeline.contracts.open_answers import LIST, OpenAnswers, load_open_answers
from pipeline.contracts.population import Population, load_populations
from pipeline.contracts.quotes import Quote, load_quotes
from pipeline.contracts.source import Source
from pipeline.contracts.source_files import load_sources
from pipeline.contracts.study_file import StudyFile, aliases, declined, load_study_file, not_aliases
from pipeline.contracts.variables import Variable, load_variables
from pipeline.contracts.wave import Wave
from pipeline.contracts.wave_files import load_waves
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study


@dataclass(frozen=True)
class Contracts:
    """The study file, codebooks, sources, waves, standard variables, reviewed aliases and corrections of one study, what is
    no alias and which corrections were declined, the words for reason codes, the keywords of open answers, the
    sentences released, the known totals of populations, and what changes cost."""

    study_file: StudyFile
    codebooks: dict[str, Codebook]
    sources: dict[str, Source]
    waves: dict[str, Wave]
    aliases: list[dict[str, Any]]
    reasons: dict[str, tuple[str, str]]
    corrections: list[Correction]
    not_aliases: list[dict[str, Any]] = field(default_factory=list)
    declined: list[dict[str, Any]] = field(default_factory=list)
    variables: dict[str, Variable] = field(default_factory=dict)
    open_answers: OpenAnswers = field(default_factory=lambda: OpenAnswers(()))
    quotes: list[Quote] = field(default_factory=list)
    populations: list[Population] = field(default_factory=list)
    costs: list[ActionCost] = field(default_factory=list)


def load_contracts(study: Study) -> Contracts:
    """Load and check all contracts of a study. Raises exit 10 or 11."""
    open_answers = load_open_answers(study)
    codebooks = load_codebooks(study) | {LIST: open_answers.code_list()}
    variables = load_variables(study, codebooks)
    contracts = Contracts(
        study_file=load_study_file(study),
        codebooks=codebooks,
        sources=load_sources(study),
        waves=load_waves(study),
        aliases=aliases(study),
        reasons=load_reasons(study),
        corrections=load_corrections(study),
        not_aliases=not_aliases(study),
        declined=declined(study),
        variables=variables,
        open_answers=open_answers,
        quotes=load_quotes(study),
        populations=load_populations(study, variables, codebooks),
        costs=load_costs(study, codes_of(codebooks, "services"), codes_of(codebooks, "station_classes")),
    )
    problems = [
        _unknown_codebook(str(source.path), column.name, column.codebook, contracts.codebooks)
        for source in contracts.sources.values()
        for column in source.columns
        if column.codebook and column.codebook not in contracts.codebooks
    ]
    problems += _strange_areas(contracts)
    problems += link_problems(contracts.waves, contracts.variables, contracts.codebooks)
    if problems:
        fail(CONTRACT, *problems)
    return contracts


def codes_of(codebooks: dict[str, Codebook], name: str) -> list[str]:
    """The codes of one list, in its order."""
    return [code.code for code in codebooks[name].codes]


def _strange_areas(contracts: Contracts) -> list[Problem]:
    """Waves and population files whose area the study does not have, or that leave it out where there are several."""
    areas = {area.code for area in contracts.study_file.areas}
    named = [(one.path, one.area_code) for one in (*contracts.waves.values(), *contracts.populations)]
    return [
        Problem("contract_invalid", f"{path} area_code", "地区不在 study.toml 中", "the area is not in study.toml",
                got=area or "—", expected=" / ".join(sorted(areas)),
                do_zh="请改成 study.toml 中的地区代码", do_en="name one of the areas of study.toml")
        for path, area in named
        if (area is None and len(areas) > 1) or (area and area not in areas)
    ]  # fmt: skip


def _unknown_codebook(path: str, column: str, name: str, books: dict[str, Codebook]) -> Problem:
    return Problem("contract_invalid", f"{path} [[column]] {column}", "没有这个代码表", "there is no such codebook",
                   got=name, expected=" ".join(sorted(books)), do_zh="请改成已有的代码表名称，或新增该代码表",
                   do_en="name one that exists, or add it")  # fmt: skip
