"""How names of places are compared (metadata/matching.toml): words without meaning, weights, thresholds."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from pipeline.contracts.codebook import normal
from pipeline.contracts.toml import Reader, load_toml
from pipeline.paths import METADATA

PATH = METADATA / "matching.toml"


@dataclass(frozen=True)
class Matching:
    """metadata/matching.toml. Scores are 0 to 100, `core_weight` is a share; words are normalised, longest first."""

    uninformative: tuple[str, ...]
    core_weight: float
    least_score: float
    most_candidates: int
    code_score: float
    similar_score: float
    same_point_metres: float
    near_score: float
    near_metres: float
    most_similar: int
    most_compared: int
    longest_text: int
    union_station: tuple[str, ...]

    def core(self, text: str) -> str:
        """A normalised name without the words that tell no two places apart; all of it where nothing else is left.

        >>> matching().core("东门 暖心驿站"), matching().core("暖心驿站")
        ('东门', '暖心驿站')
        """
        whole = core = normal(text)
        for word in self.uninformative:
            core = core.replace(word, "")
        return core or whole

    def is_union_station(self, text: str) -> bool:
        """Whether a text says that it means a union service station.

        >>> matching().is_union_station("东里工会 服务站"), matching().is_union_station("东里社区联合工会暖心驿站")
        (True, False)
        """
        return any(word in normal(text) for word in self.union_station)


@cache
def matching() -> Matching:
    """The facts, checked. Raises exit 11 with every mistake of the file."""
    table, reader = load_toml(PATH), Reader(PATH)
    names = [field.name for field in fields(Matching)]
    reader.known(table, names, "")
    words = {name: reader.get(table, name, list, "") or [] for name in ("uninformative", "union_station")}
    given = {name: reader.get(table, name, (int, float), "") for name in names if name not in words}
    reader.finish()
    longest_first = {
        name: tuple(sorted(map(normal, said), key=lambda word: (-len(word), word))) for name, said in words.items()
    }
    return Matching(**longest_first, **given)
