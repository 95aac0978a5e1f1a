"""The codebook of open answers: topics with their keywords, the place's own ones laid over them.

`metadata/open_answers.toml` holds what is common; `[[topic]]` blocks in `place/open_answers.toml` add words to a topic of
that code, or a topic of its own. Every block says who reviewed it and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.contracts.codebook import Code, Codebook
from pipeline.contracts.toml import Reader, load_toml
from pipeline.errors import CONTRACT, fail
from pipeline.paths import METADATA, Study

SHARED = METADATA / "open_answers.toml"
LIST = "answer_topics"
UNCODED = "uncoded"
KEYWORDS = ("words", "phrases", "troubles", "whole")
_NO_LIST: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One topic: `words` are whole words of the segmenter, `phrases` stand anywhere (`…`: up to six letters between),
    `troubles` do not count behind a negation, `whole` is the entire answer. `example` and `counterexample` are checked."""

    code: str
    label_zh: str
    label_en: str
    words: tuple[str, ...] = _NO_LIST
    phrases: tuple[str, ...] = _NO_LIST
    troubles: tuple[str, ...] = _NO_LIST
    whole: tuple[str, ...] = _NO_LIST
    example: tuple[str, ...] = _NO_LIST
    counterexample: tuple[str, ...] = _NO_LIST


@dataclass(frozen=True)
class OpenAnswers:
    """The topics in their order, what negates a trouble that stands right behind it, and the fewest respondents that a
    word may be shown of (the threshold of metadata/disclosure.toml)."""

    topics: tuple[Topic, ...]
    negators: tuple[str, ...] = ()
    fewest: int = 10

    def code_list(self) -> Codebook:
        """The topics as a code list, with `uncoded` for answers that fall under none.

        >>> OpenAnswers((Topic("water", "饮水", "Water"),)).code_list().label("uncoded")
        '未归类'
        """
        codes = [Code(topic.code, topic.label_zh, topic.label_en) for topic in self.topics]
        last = Code(UNCODED, "未归类", "Not coded")
        return Codebook(LIST, "开放题事项", "Topics of open answers", (*codes, last))


def load_open_answers(study: Study | None = None) -> OpenAnswers:
    """The shared codebook, and the study's own topics and words laid over it. Raises exit 11 with all mistakes of a file."""
    content = load_toml(SHARED)
    topics = {topic.code: topic for topic in _topics(SHARED, content, {})}
    own = None if study is None else study.place / "open_answers.toml"
    if own is not None and own.exists():
        topics |= {topic.code: topic for topic in _topics(own, load_toml(own), topics)}
    fewest = load_toml(METADATA / "disclosure.toml")["threshold"]
    return OpenAnswers(tuple(topics.values()), tuple(content["negators"]), fewest)


def _topics(path: Path, content: dict[str, Any], known: dict[str, Topic]) -> list[Topic]:
    """The topics of one file; a code that is `known` is the known topic with the words of the block added."""
    reader = Reader(path)
    reader.known(content, ("topic", "negators") if path == SHARED else ("topic",), "")
    topics: dict[str, Topic] = {}
    for number, block in enumerate(content.get("topic", []), start=1):
        topic = _topic(reader, block, f"[[topic]] {number}", known)
        if topic.code in topics or topic.code == UNCODED:
            reader.note(f"[[topic]] {number}", "code 重复或不可用", "the code is taken", got=topic.code)
        topics[topic.code] = topic
    if reader.problems:
        fail(CONTRACT, *reader.problems)
    return list(topics.values())


def _topic(reader: Reader, block: dict[str, Any], where: str, known: dict[str, Topic]) -> Topic:
    lists = (*KEYWORDS, "example", "counterexample")
    reader.known(block, ("code", "label_zh", "label_en", *lists, "reviewed_by", "reviewed_on"), where)
    code = reader.get(block, "code", str, where) or ""
    before = known.get(code)
    labels = {
        name: reader.get(block, name, str, where, getattr(before, name) if before else ...)
        for name in ("label_zh", "label_en")
    }
    told = {name: tuple(reader.get(block, name, list, where, []) or ()) for name in lists}
    for name, texts in told.items():
        if not all(isinstance(text, str) and text.strip() for text in texts):
            reader.note(where, f"{name} 只能是文字", f"{name} holds texts only")
    if not any(told[name] for name in KEYWORDS):
        reader.note(where, "没有任何关键词", "no keyword at all", expected=" / ".join(KEYWORDS))
    reader.get(block, "reviewed_by", str, where)
    reader.get(block, "reviewed_on", date, where)
    if before:
        told = {name: tuple(dict.fromkeys((*getattr(before, name), *texts))) for name, texts in told.items()}
    return Topic(code=code, **labels, **told)
