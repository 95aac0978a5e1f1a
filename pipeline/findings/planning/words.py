"""A bundle in plain words: where, what, who, at which hours, and the number to look at next quarter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pipeline.findings.finding import Context
from pipeline.findings.planning.bundles import Bundles
from pipeline.findings.planning.now import Now
from pipeline.findings.planning.parts import ADD, FIX, HOURS, LOOK_ADD, LOOK_FIX, PUBLICISE, parts
from pipeline.findings.planning.settings import AS_IS, hours_words, of_class, rules
from pipeline.findings.words import listed, phrases

LANGS = ("zh", "en")
ABOVE_ALL = 3  # services named of those to be made known
ACTIONS = ("open", "verify", "repair", "add_service", "publicise", "extend_hours")
DEAREST = ("open", "extend_hours", "add_service", "repair", "publicise", "verify")
ACTION_OF = {
    LOOK_FIX: "verify",
    LOOK_ADD: "verify",
    FIX: "repair",
    ADD: "add_service",
    PUBLICISE: "publicise",
    HOURS: "extend_hours",
}


@dataclass(frozen=True)
class Speaker:
    """Tells bundles of one menu in words; `public`: no private host and no place that has not agreed is named."""

    bundles: Bundles
    now: Now
    context: Context

    @cached_property
    def unserved(self) -> np.ndarray:
        """What goes without now, places × services × pieces of the week."""
        return self.now.unserved()

    @cached_property
    def _parts(self) -> dict[int, list[str]]:
        return {}

    def parts(self, v: int) -> list[str]:
        """The parts of a bundle, the one it is mainly for first."""
        if v not in self._parts:
            self._parts[v] = parts(self.bundles, v, self.now, self.unserved)
        return self._parts[v]

    def is_mainly_looking(self, v: int) -> bool:
        """Whether most of what a bundle brings waits for somebody to look first."""
        return not self.is_new(v) and self.parts(v)[0] in (LOOK_FIX, LOOK_ADD)

    def place(self, v: int) -> tuple[str, str]:
        """The name of the station or building, as the reader may know it."""
        b, now = self.bundles, self.now
        if self.is_hidden(v):
            return _pair("hidden_site" if self.is_new(v) else "hidden_station")
        group = int(b.group[v])
        name = (
            now.district.places["name"][int(now.sites[group - now.n_stations])]
            if self.is_new(v)
            else now.district.stations["name"][group]
        )
        return str(name), str(name)

    def what(self, v: int) -> tuple[str, str]:
        """Everything to do, as one sentence without the place."""
        return tuple(self._what(v, lang) for lang in LANGS)

    def who(self, v: int) -> tuple[str, str]:
        """The unit responsible: the station's host, or the subdistrict for a new station."""
        if self.is_new(v):
            return tuple(
                _words("who_new", lang).format(area=self.context.label("areas", self.now.district.area, lang))
                for lang in LANGS
            )
        unit = (
            None
            if self.context.audience == "public"
            else self.now.district.stations["host_unit"][int(self.bundles.group[v])]
        )
        return (unit, unit) if unit else _pair("who_station")

    def hours(self, v: int) -> tuple[str, str]:
        """At which hours."""
        return tuple(hours_words(self.bundles.hours[v], lang) for lang in LANGS)

    def watch(self, v: int) -> tuple[str, str]:
        """The number that will show whether it helped: of what the bundle is mainly for."""
        action = "open" if self.is_new(v) else ACTION_OF[self.parts(v)[0]]
        return tuple(
            _words(f"watch_{action}", lang).format(service=self._services(self.services(v)[:1], lang)) for lang in LANGS
        )

    def in_short(self, v: int) -> tuple[str, str]:
        """Place and dearest action, to name it among others."""
        dearest = next(action for action in DEAREST if action in self.actions(v))
        names = phrases()["lists"]["plan_actions"][dearest]
        zh, en = self.place(v)
        return f"{zh}{names[0]}", f"{names[1].lower()} at {en}"

    def actions(self, v: int) -> list[str]:
        """Codes of what is done."""
        b = self.bundles
        done = {
            "open": self.is_new(v), "verify": b.look[v].any(), "repair": b.fix[v].any(),
            "add_service": b.add[v].any() and not self.is_new(v), "publicise": b.publicise[v],
            "extend_hours": bool(b.hours[v] != AS_IS) and not self.is_new(v),
        }  # fmt: skip
        return [action for action in ACTIONS if done[action]]

    def services(self, v: int) -> list[str]:
        """Services repaired, added or made known, the one most gone without around first; of longer hours alone, all that stay open."""
        b, now = self.bundles, self.now
        concerned = b.fix[v] | b.add[v] | (self._unknown(v) if b.publicise[v] else False)
        if not concerned.any():
            concerned = (now.state.chance[int(b.group[v])] >= 1) & now.unattended & (self._around(v) > 0)
        return self._named(v, concerned)

    def is_new(self, v: int) -> bool:
        """Whether it is a new station."""
        return bool(self.bundles.kind[v])

    def is_hidden(self, v: int) -> bool:
        """Whether its place may not be named to this reader."""
        return self.context.audience == "public" and (self.is_new(v) or self.class_code(v) == "social")

    def class_code(self, v: int) -> str:
        """The class of the station, present or new."""
        return str(self.bundles.kind[v] or self.now.district.stations["class_code"][int(self.bundles.group[v])])

    def needs_agreement(self, v: int) -> bool:
        """Whether somebody else has to agree before money is spent: the host of a new station, or of a shop."""
        if self.is_new(v):
            return any(site["agreement"] for site in rules()["site"] if site["class"] == self.bundles.kind[v])
        return bool(of_class(self.class_code(v))["agreement"]) and self.actions(v) not in (["publicise"], ["verify"])

    def _unknown(self, v: int) -> np.ndarray:
        """Services of a station that users do not know of though they need them."""
        state, j = self.now.state, int(self.bundles.group[v])
        if j >= self.now.n_stations:
            return np.zeros(state.chance.shape[1], dtype=bool)
        return ((state.chance[j] > 0) | self.bundles.fix[v]) & ~state.is_known[j] & (self._around(v) > 0)

    def _around(self, v: int) -> np.ndarray:
        """Courier-hours a week going without each service near the place of a bundle."""
        near = self.now.near[:, [int(self.bundles.group[v])]].toarray().ravel() > 0
        return self.unserved[near].sum(axis=(0, 2))

    def _what(self, v: int, lang: str) -> str:
        b = self.bundles

        def say(name: str, which: np.ndarray, most: int | None = None) -> str:
            services = self._services(self._named(v, which)[:most], lang)
            return _words(name, lang).format(services=services) if services else ""

        hours = hours_words(b.hours[v], lang)
        if self.is_new(v):
            kind = self.context.label("station_classes", b.kind[v], lang)
            kind = kind.lower() if lang == "en" else kind
            return _words("open", lang).format(
                kind=kind, hours=hours, services=self._services(self._named(v, b.add[v]), lang)
            )
        said = {
            LOOK_FIX: say("look_fix", b.fix[v] & b.look[v]), LOOK_ADD: say("look_add", b.add[v] & b.look[v]),
            FIX: say("fix", b.fix[v] & ~b.look[v]), ADD: say("add", b.add[v] & ~b.look[v]),
            PUBLICISE: say("publicise", self._unknown(v), ABOVE_ALL) if b.publicise[v] else "",
            HOURS: _words(b.way[v], lang).format(hours=hours) if b.way[v] else "",
        }  # fmt: skip
        done = [said[part] for part in self.parts(v) if said[part]]
        return ("；" if lang == "zh" else "; ").join(done)

    def _named(self, v: int, which: np.ndarray) -> list[str]:
        """Codes of some services, the one most gone without around first."""
        return [self.now.district.services[k] for k in np.argsort(-self._around(v), kind="stable") if which[k]]

    def _services(self, codes: list[str], lang: str) -> str:
        names = [self.context.label("services", code, lang) for code in codes]
        return listed([name.lower() if lang == "en" else name for name in names], lang)


def _words(name: str, lang: str) -> str:
    return str(phrases()["bundle"][name][lang])


def _pair(name: str) -> tuple[str, str]:
    return _words(name, "zh"), _words(name, "en")
