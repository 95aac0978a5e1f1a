"""Who answered the survey, set against the frame of couriers where there is one."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect, word
from pipeline.findings.counts import asked, main_wave
from pipeline.findings.estimating.profile import no_errors, profile_errors
from pipeline.findings.estimating.sample import period_samples
from pipeline.findings.finding import Context, Finding, Headline, Sentence
from pipeline.findings.words import number, percent, say, silence

ORDER = ["user_group", "platform", "employment_type", "mode", "age_band", "gender", "visits_band"]
LISTS = {
    "user_group": "user_groups",
    "platform": "platforms",
    "employment_type": "employment_types",
    "gender": "genders",
    "age_band": "age_bands",
    "mode": "modes",
    "shift": "shifts",
    "visits_band": "visits_bands",
}


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """Respondents, sample share, weighted share and frame share for each value of each characteristic."""
    rows = con.sql(
        "select p.area_code, p.wave_code, w.population_code, p.variable_code, coalesce(p.value_code, '') as value_code, "
        "p.n, p.w, p.n_frame from mart.respondent_profile as p join ref.waves as w using (wave_code) "
        "where p.period_code = ? and list_contains(?, p.area_code) order by 1, 2, 4, 5",
        params=[context.period, list(context.areas)],
    ).pl()
    group = ["area_code", "wave_code", "variable_code"]
    framed = pl.col("n_frame").is_not_null()
    rows = rows.with_columns((framed | ~framed.any().over(group)).alias("in_base"))  # others are outside the frame
    base = lambda name: pl.when("in_base").then(pl.col(name)).sum().over(group)  # noqa: E731
    rows = rows.with_columns(
        base("n").alias("n_total"), base("w").alias("w_total"), base("n_frame").alias("frame_total")
    )
    share = lambda part, whole: pl.when(pl.col("in_base") & (pl.col(whole) > 0)).then(pl.col(part) / pl.col(whole))  # noqa: E731
    rows = rows.with_columns(
        share("n", "n_total").alias("raw_share"),
        share("w", "w_total").alias("est"),
        pl.when(pl.col("n_frame").is_not_null()).then(share("n_frame", "frame_total")).round(3).alias("frame_share"),
    )
    errors = [profile_errors(sample, rows) for sample in period_samples(con, context.period, context.areas)]
    on = ["area_code", "wave_code", "variable_code", "value_code"]
    rows = rows.join(pl.concat(errors), on=on, how="left") if errors else rows.with_columns(no_errors())
    return rows.sort(on).select(name for name in DISCLOSURE.columns() if name != "suppressed")


DISCLOSURE = Disclosure(
    keys=("area_code", "wave_code", "population_code", "variable_code", "value_code"),
    open=("frame_share",),
    protect=(
        Protect(
            n=("n", "n_total"),
            values=("n_eff",),
            shares=("raw_share", "est", "lci", "uci", "band_low", "band_high"),
            spread=("se",),
            basis="respondents",
            within=("area_code", "wave_code", "variable_code"),
        ),
    ),
)


def labelled(rows: pl.DataFrame, context: Context, lang: str | None = None) -> pl.DataFrame:
    """Adds `label`, the value in words."""
    names = [value_label(context, r["variable_code"], r["value_code"], lang) for r in rows.iter_rows(named=True)]
    return rows.with_columns(pl.Series("label", names, dtype=pl.String))


def value_label(context: Context, variable: str, value: str, lang: str | None = None) -> str:
    """The words for a value of a characteristic."""
    if not value or value == "unknown":
        return "未答" if (lang or context.lang) == "zh" else "no answer"
    return context.label(LISTS.get(variable, variable), value, lang)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """Size of the sample and the value that differs most from the frame."""
    answered, rows = rows, main_wave(rows, "n_total")
    has_frame = rows["frame_share"].drop_nulls().len() > 0
    rows = rows.filter(pl.col("raw_share").is_not_null() & ~pl.col("value_code").is_in(["", "unknown"]))
    if rows.is_empty():
        return silence(answered)
    framed = rows.filter(pl.col("frame_share").is_not_null())
    case = "frame" if framed.height else "not_set_against" if has_frame else "plain"
    if framed.is_empty():
        groups = rows.filter(pl.col("variable_code") == "user_group")
        row = (groups if groups.height else rows).sort("n", descending=True).row(0, named=True)
    else:
        row = framed.sort((pl.col("raw_share") - pl.col("frame_share")).abs(), descending=True).row(0, named=True)
    values = [
        {
            "n": number(rows["n_total"].max()),
            "population": _lower(context.label("populations", row["population_code"], lang)),
            "value": value_label(context, row["variable_code"], row["value_code"], lang),
            "sample": percent(row["raw_share"]),
            "frame": percent(row["frame_share"]),
        }
        for lang in ("zh", "en")
    ]
    return say("who_answered", case, "records", *values)


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """Sample against frame; sample only where there is no frame."""
    rows = main_wave(rows, "n_total").filter(~pl.col("value_code").is_in(["", "unknown"]))
    rows = rows.sort(pl.col("variable_code").replace_strict(ORDER, range(len(ORDER)), default=99), maintain_order=True)
    framed = rows.filter(pl.col("frame_share").is_not_null())
    names = (context.pick("样本", "sample"), context.pick("总体名册", "frame"))
    title = context.pick("比例", "share")
    if framed.height:
        return charts.paired_dots(
            labelled(framed, context),
            label="label",
            first="raw_share",
            second="frame_share",
            names=names,
            title=title,
            hidden=word("suppressed", context.lang),
        )
    rows = rows.filter(pl.col("variable_code").is_in(["user_group", "employment_type", "age_band"]))
    if rows.is_empty():
        return None
    return charts.bars(
        labelled(rows, context), label="label", value="raw_share", title=title, hidden=word("suppressed", context.lang)
    )


def headline(rows: pl.DataFrame, item: str | None) -> Headline | None:
    """Number of valid answers of the larger wave."""
    rows = main_wave(rows, "n_total")
    if rows.is_empty():
        return None
    return Headline(
        float(rows["n_total"].max()),
        "n",
        "有效问卷",
        "valid answers",
        rows["population_code"][0],
        is_share=False,
        wave=rows["wave_code"][0],
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


FINDING = Finding(
    id="who_answered",
    order=10,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    headline=headline,
    count=lambda rows: asked(rows, "n_total"),
    is_weighted=True,
    shows=("variable_code", "value_code", "raw_share", "frame_share", "est", "interval", "n"),
    question_zh="谁回答了问卷？",
    question_en="Who answered the survey?",
    measure_zh="有效受访者按特征的比例，与总体名册对照",
    measure_en="Valid respondents by characteristic, set against the frame",
    source_zh="问卷，有总体名册时一并对照",
    source_en="survey, and the population frame where there is one",
    caveats_zh=(
        "自愿填答：常去驿站的人更容易看到二维码并作答。",
        "加权只能校正名册里有的特征，不能校正需要本身带来的差别。",
    ),
    caveats_en=(
        "Answers are volunteered: frequent visitors see the poster more often.",
        "Weights correct only what the frame records, not the need itself.",
    ),
)
