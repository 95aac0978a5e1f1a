"""Known totals of a population (`place/population/*.toml`): how many couriers there are, and how many of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.codebook import Codebook
from pipeline.contracts.toml import Reader, load_toml
from pipeline.contracts.variables import Variable
from pipeline.errors import CONTRACT, Problem, fail
from pipeline.paths import Study

POPULATIONS = ("attached", "delivering")
QUALIFIERS = ("exact", "approx", "gt", "lt")
KNOWN = ("exact", "approx")
MARGINS = ("user_group", "platform", "employment_type", "shift", "gender", "age_band", "grid", "stratum")
AGREE_WITHIN = 0.05

_HEAD = ("area_code", "population", "as_of", "source", "note", "total", "margin")
_TOTAL = ("measure", "value", "qualifier", "source", "as_of", "note")
_MARGIN = ("variable", "levels", "qualifier", "source", "as_of", "note")


@dataclass(frozen=True)
class Total:
    """One figure about a population: `measure` (couriers), its `value`, and whether it is exact, approx, or a bound (gt
    more than, lt less than)."""

    measure: str
    value: float
    qualifier: str
    source: str
    as_of: date

    @property
    def is_known(self) -> bool:
        """Whether the figure may stand for the total itself: a bound never does."""
        return self.qualifier in KNOWN


@dataclass(frozen=True)
class Margin:
    """How many persons of a population are at each level of a standard variable; `where` names file and block."""

    variable: str
    levels: Mapping[str, float]
    qualifier: str
    source: str
    as_of: date
    where: str

    @property
    def total(self) -> float:
        """Persons over all levels."""
        return float(sum(self.levels.values()))


@dataclass(frozen=True)
class Population:
    """What one file knows of one population of one area (None: the study's only one)."""

    area_code: str | None
    population_code: str
    totals: tuple[Total, ...]
    margins: tuple[Margin, ...]
    path: Path


def load_populations(
    study: Study, variables: Mapping[str, Variable], books: Mapping[str, Codebook]
) -> list[Population]:
    """Every file of place/population that says something, in order of name. Raises exit 11 with all mistakes of a file, and
    for figures that two files give of one population and date."""
    paths = sorted((study.place / "population").glob("*.toml"))
    found = [load_population(path, variables, books) for path in paths if load_toml(path)]
    if twice := _given_twice(found):
        fail(CONTRACT, *twice)
    return found


def _given_twice(populations: Sequence[Population]) -> list[Problem]:
    """Figures of two files that say the same thing of the same people on one day: which of them counts, nobody could tell."""
    first: dict[tuple[object, ...], Path] = {}
    problems = []
    for one in populations:
        about = [("[[margin]]", m.variable, m.as_of) for m in one.margins]
        about += [("[[total]]", t.measure, t.as_of) for t in one.totals if t.is_known]
        for block, name, as_of in about:
            path = first.setdefault((one.area_code, one.population_code, block, name, as_of), one.path)
            if path != one.path:
                problems.append(
                    Problem("contract_invalid", f"{one.path} {block} {name}", "两个文件写了同一时点的同一项总数",
                            "two files give this figure for one date", got=f"{as_of}", expected=path.name,
                            do_zh="请只留一个，或写明各自的 as_of", do_en="keep one of them, or give each its own as_of")
                )  # fmt: skip
    return problems


def load_population(path: Path, variables: Mapping[str, Variable], books: Mapping[str, Codebook]) -> Population:
    """One file. Raises exit 11 with all its mistakes: unknown variables, levels and qualifiers, bounds as margins, numbers
    below nought, margins whose sums differ from each other or from the total by more than 5 %."""
    table, reader = load_toml(path), Reader(path)
    reader.known(table, _HEAD, "")
    head = {
        "as_of": reader.get(table, "as_of", date, ""),
        "source": reader.get(table, "source", str, ""),
    }
    if not (head["source"] or "").strip():
        reader.note("", "source 不能为空", "source is empty", expected='source = "…"')
    totals = [_total(reader, block, n, head) for n, block in _blocks(reader, table, "total")]
    margins = [_margin(reader, block, n, head, variables, books) for n, block in _blocks(reader, table, "margin")]
    population = Population(
        reader.get(table, "area_code", str, "", None),
        reader.choice(table, "population", POPULATIONS, ""),
        tuple(total for total in totals if total),
        tuple(margin for margin in margins if margin),
        path,
    )
    if not reader.problems:
        _agree(reader, population)
    reader.finish()
    return population


def _blocks(reader: Reader, table: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    return list(enumerate(reader.blocks(table, name, []), start=1))


def _total(reader: Reader, block: dict[str, Any], number: int, head: dict[str, Any]) -> Total | None:
    where = f"[[total]] {number}"
    reader.known(block, _TOTAL, where)
    value = reader.get(block, "value", (int, float), where)
    qualifier = reader.choice(block, "qualifier", QUALIFIERS, where)
    measure = reader.choice(block, "measure", ("couriers",), where)
    if value is not None and not 0 < value < float("inf"):
        reader.note(where, "value 应为正数", "value must be positive", got=f"{value:g}")
    if value is None or qualifier is None or measure is None:
        return None
    return Total(measure, float(value), qualifier, *_origin(reader, block, where, head))


def _margin(
    reader: Reader, block: dict[str, Any], number: int, head: dict[str, Any], variables: Mapping[str, Variable],
    books: Mapping[str, Codebook],
) -> Margin | None:  # fmt: skip
    variable = reader.choice(block, "variable", MARGINS, f"[[margin]] {number}")
    where = f"[[margin]] {variable or number}"
    reader.known(block, _MARGIN, where)
    levels = reader.get(block, "levels", dict, where)
    qualifier = reader.choice(block, "qualifier", QUALIFIERS, where, "exact")
    if qualifier in QUALIFIERS and qualifier not in KNOWN:
        reader.note(
            where, "界限不能作加权总数", "a bound is no total to weigh by", got=qualifier, expected="exact / approx"
        )
    if variable is None or levels is None or qualifier is None:
        return None
    for level, n in levels.items():
        if isinstance(n, bool) or not isinstance(n, int | float) or not 0 <= n < float("inf"):
            reader.note(f"{where} {level}", "应为不小于 0 的人数", "must be a number of persons", got=f"{n}")
    book = books.get(variables[variable].codebook or "") if variable in variables else None
    if book is not None:
        levels = _coded(reader, levels, book, where)
    if len(levels) < 2:
        reader.note(where, "至少要有两类", "at least two levels are needed", got=f"{len(levels)}")
    return Margin(variable, levels, qualifier, *_origin(reader, block, where, head), f"{reader.path.name} {where}")


def _coded(reader: Reader, levels: dict[str, Any], book: Codebook, where: str) -> dict[str, Any]:
    """The levels under their codes; a level may be written as its code or in any spelling the codebook knows."""
    codes = {level: book.lookup(level) for level in levels}
    for level, code in codes.items():
        if code is None:
            known = " ".join(one.code for one in book.codes)
            reader.note(f"{where} {level}", "代码表中没有这一类", "not in the codebook", got=level, expected=known)
        elif list(codes.values()).count(code) > 1:
            reader.note(f"{where} {level}", "同一类写了两次", "this level is given twice", got=code)
    return {codes[level] or level: n for level, n in levels.items()}


def _origin(reader: Reader, block: dict[str, Any], where: str, head: dict[str, Any]) -> tuple[str, date]:
    return reader.get(block, "source", str, where, head["source"]), reader.get(
        block, "as_of", date, where, head["as_of"]
    )


def _agree(reader: Reader, population: Population) -> None:
    """Figures of one population: each once for a date; sums that are about the same."""
    seen = [(f"[[margin]] {margin.variable}", margin.as_of) for margin in population.margins]
    seen += [(f"[[total]] {total.measure}", total.as_of) for total in population.totals if total.is_known]
    for where, as_of in sorted({key for key in seen if seen.count(key) > 1}):
        reader.note(where, "同一时点写了两次", "given twice for one date", got=f"{as_of}")
    known = [(f"[[total]] {t.measure}", t.value) for t in population.totals if t.is_known]
    known += [(f"[[margin]] {m.variable}", m.total) for m in population.margins]
    if not known or known[0][1] <= 0:
        return
    first, total = known[0]
    for where, value in known[1:]:
        if abs(value / total - 1) > AGREE_WITHIN:
            reader.note(where, f"与 {first} 的合计相差超过 5%", f"differs from {first} by more than 5 %",
                        got=f"{value:g}", expected=f"{total:g} ± 5%")  # fmt: skip
