"""What tells a name, made of metadata/privacy.toml: surnames, titles, words around names, words that are none."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pipeline.privacy.words import privacy_words

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"


class Lexicon(NamedTuple):
    """Surnames (`clear`: rarely the beginning of a word), what is no name, and the expressions made of them."""

    clear: frozenset[str]
    compound: frozenset[str]
    surnames: frozenset[str]
    not_names: frozenset[str]
    no_given: frozenset[str]
    given: frozenset[str]
    rare_below: int
    frequent: frozenset[str]
    place: re.Pattern[str]
    of_persons: frozenset[str]
    counting: frozenset[str]
    familiar: frozenset[str]
    wide: frozenset[str]
    swallowed: frozenset[str]
    never_titled: frozenset[str]
    before_title: frozenset[str]
    title: re.Pattern[str]
    announced: re.Pattern[str]
    candidate: re.Pattern[str]
    told: tuple[re.Pattern[str], ...]


@cache
def lexicon() -> Lexicon:
    """Made once, at the first text that may hold a name."""
    words = privacy_words()
    clear = frozenset("".join(words["clear"].split()))
    surnames = clear | frozenset("".join(words["unclear"].split()))
    title = "|".join(sorted(words["titles"], key=len, reverse=True))
    one = f"(?:{'|'.join(words['compound'])}|[{''.join(sorted(surnames))}])"
    return Lexicon(
        clear=clear,
        compound=frozenset(words["compound"]),
        surnames=surnames,
        not_names=frozenset(words["not_names"].split()),
        no_given=frozenset(words["no_given"]),
        given=frozenset("".join(words["given"].split())),
        rare_below=words["rare_below"],
        frequent=frozenset(words["frequent"]),
        place=re.compile(
            rf"家(?:[口园沟坎坑岭坡湖]|花园)|家?[{words['of_villages']}]|{_HAN}{{0,2}}(?:{'|'.join(words['of_places'])})(?!上|过|边|旁)|{_HAN}[{words['of_villages']}]"
        ),
        of_persons=frozenset(words["of_persons"]),
        counting=frozenset(words["counting"]),
        familiar=frozenset(words["familiar"]),
        wide=frozenset(words["wide"]),
        swallowed=frozenset(words["swallowed"]),
        never_titled=frozenset(words["never_titled"]),
        before_title=frozenset(words["before_title"]),
        title=re.compile(title),
        announced=re.compile(f"(?:{'|'.join(words['announce'])})$"),
        candidate=re.compile(f"{one}(?={_HAN})"),
        told=tuple(map(re.compile, _told(words, one, title))),
    )


def _told(words: dict, one: str, title: str) -> tuple[str, ...]:
    """Where whatever stands there is a name, without asking the segmenter."""
    sound = words["by_sound"]
    label = "姓名|名字|联系人|联络人|收件人|负责人|填写人|填表人|署名|签名|落款|真名|本名|大名|全名"
    says = "我叫|叫我|本人叫?|我是|我的名字叫?|[他她]叫|找|联系|感谢|谢谢"
    return (
        rf"(?:{label})\s*(?:是|叫做?|为|[:：])+\s*{_HAN}{{1,5}}(?:[·•]{_HAN}{{1,8}})*",
        rf"(?:{label})\s*{one}{_HAN}{{1,2}}",
        rf"[{sound}]{{2,8}}[·•][{sound}]{{2,8}}",
        rf"(?:{says})\s*{_HAN}{{1,6}}[·•]{_HAN}{{1,8}}",
        rf"(?:我|免贵|本人|[他她])姓{one}",
        rf"找?[小老阿][{words['familiar']}](?:(?:{title})|(?=[^\u4e00-\u9fff]|[说的在是很和跟带给帮人]|$))",
    )
