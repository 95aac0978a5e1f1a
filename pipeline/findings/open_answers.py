"""What respondents write in their own words: topics with counts, never a sentence that was not released."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.analysis.survey.intervals import share_interval
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.counts import main_wave
from pipeline.findings.estimating.figures import with_band
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.words import labels, number, percent, say, silence

UNCODED, NOTHING = "uncoded", "nothing"
TOP = 3
DISCLOSURE = Disclosure(
    keys=("area_code", "wave_code", "population_code", "question_code", "topic_code"),
    open=("question_zh", "question_en"),
    protect=(
        Protect(
            n=("n", "n_answered"),
            values=("quotes", "n_eff"),
            shares=("est", "lci", "uci", "band_low", "band_high"),
            spread=("se",),
            basis="respondents",
            within=("area_code", "wave_code", "question_code"),
        ),
    ),
)


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Respondents who name each topic, for every question with open answers; released sentences beside them."""
    rows = con.sql(
        "select t.area_code, t.wave_code, t.population_code, t.question_code, t.topic_code, q.text_zh as question_zh, "
        "coalesce(q.text_en, q.text_zh) as question_en, t.n_respondents as n, t.n_answered, t.quotes "
        "from mart.open_answer_topics as t left join ref.questions as q using (wave_code, question_code) "
        "where t.period_code = ? and list_contains(?, t.area_code)",
        params=[context.period, list(context.areas)],
    ).pl()
    est, n = (rows["n"] / rows["n_answered"]).to_numpy(), rows["n_answered"].cast(pl.Float64).to_numpy()
    se = (est * (1 - est) / (n - 1).clip(1)) ** 0.5
    low, high, _ = share_interval(est, se, n, n - 1)
    figures = {"est": est, "se": se, "lci": low, "uci": high, "n_eff": n}  # unweighted: of those who wrote
    rows = with_band(rows.with_columns(pl.Series(name, values) for name, values in figures.items()))
    last = pl.col("topic_code").is_in([UNCODED, NOTHING])
    return rows.sort(
        "area_code", "wave_code", "question_code", last, "n", "topic_code",
        descending=[False, False, False, False, True, False],
    )  # fmt: skip


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """How many wrote something to the question most wrote to, and the topics named most."""
    answered, rows = rows, _main_question(rows)
    named = rows.filter(pl.col("n").is_not_null() & ~pl.col("topic_code").is_in([UNCODED, NOTHING])).head(TOP)
    if named.is_empty():
        return silence(answered)
    zh, en = labels(context, "answer_topics", named["topic_code"])
    uncoded = rows.filter(pl.col("topic_code") == UNCODED)["est"].drop_nulls()
    common = {"n": number(named["n_answered"][0]), "share": percent(named["est"][0])}
    common["uncoded"] = percent(uncoded[0]) if uncoded.len() else ""
    case = ("one" if named.height == 1 else "some") + ("" if uncoded.len() else "_coded")
    return say(
        "open_answers",
        case,
        "records",
        {**common, "question": rows["question_zh"][0] or "", "topics": zh},
        {**common, "question": rows["question_en"][0] or "", "topics": en},
    )


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Respondents by topic, of the question most wrote to."""
    rows = _main_question(rows).filter(pl.col("topic_code") != NOTHING)
    if rows.is_empty():
        return None
    names = [context.label("answer_topics", code) for code in rows["topic_code"]]
    return charts.bars(
        rows.with_columns(pl.Series("label", names, dtype=pl.String)),
        label="label",
        value="n",
        percent=False,
        title=context.pick("受访者数", "respondents"),
        hidden=word("suppressed", context.lang),
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Without the column of sentences where none was released."""
    return rows.drop("quotes") if rows["quotes"].is_null().all() else rows


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Share of the topic named most, or of the one asked for, among those who wrote something."""
    rows = _main_question(rows).filter(pl.col("est").is_not_null() & ~pl.col("topic_code").is_in([UNCODED, NOTHING]))
    rows = rows if item is None else rows.filter(pl.col("topic_code") == item)
    if rows.is_empty():
        return None
    top = rows.row(0, named=True)
    return Headline(
        top["est"], top["topic_code"], "开放题首位事项", "first topic of open answers", top["population_code"]
    )


def written(rows: pl.DataFrame) -> int | None:
    """People who wrote something to the question most wrote to, added up over areas."""
    sizes = [_main_question(part)["n_answered"].max() for part in rows.partition_by("area_code")]
    return sum(n for n in sizes if n is not None) or None


def _main_question(rows: pl.DataFrame) -> pl.DataFrame:
    """The question of the largest wave that most respondents wrote to: questions are never pooled."""
    rows = main_wave(rows, "n_answered")
    if rows.is_empty():
        return rows
    top = rows.sort("n_answered", "question_code", descending=[True, False], nulls_last=True)["question_code"][0]
    return rows.filter(pl.col("question_code") == top)


FINDING = Finding(
    id="open_answers",
    order=85,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    for_page=for_page,
    count=written,
    shows=("question_zh", "question_en", "topic_code", "n", "est", "quotes"),
    question_zh="小哥自己写了些什么？",
    question_en="What do respondents write in their own words?",
    measure_zh="写了字的受访者中，提到各事项的人数与比例（按关键词归类）",
    measure_en="Among those who wrote something, how many name each topic (sorted by keywords)",
    source_zh="问卷开放题与“其他”填空",
    source_en="open questions of the survey, and what was written beside “other”",
    caveats_zh=(
        "按关键词归类，一句话可以归入几个事项，也可能归错；未归类的单列。",
        "写字的人少，且往往是最不满或最热心的；比例不代表全体受访者。",
        "不引用原话，除非逐句核对并写进 place/quotes.toml。",
    ),
    caveats_en=(
        "Sorted by keywords: one sentence may fall under several topics, or under a wrong one; the rest is counted as not coded.",
        "Few people write, often the least or the most content: shares do not stand for all respondents.",
        "No sentence is quoted unless it was reviewed and released in place/quotes.toml.",
    ),
)
