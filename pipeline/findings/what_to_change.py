"""What to change next: the best list of changes for the money there is, what each brings, and how sure that is."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from pipeline import charts
from pipeline.disclose import Disclosure, Protect
from pipeline.findings.finding import Context, Finding, Sentence
from pipeline.findings.planning.area import plan_rows
from pipeline.findings.planning.lines import ALTERNATIVE, FUNDED, NONE, POOR, TOTAL, VERIFY
from pipeline.findings.planning.tell import plan_sentence

FIGURES = ("gain", "gain_low", "gain_high", "gain_per_10k", "closable", "bound", "last_10k", "fairness_cost")
DISCLOSURE = Disclosure(
    keys=("area_code", "kind_code", "rank"),
    open=(
        "short_zh",
        "short_en",
        "place_zh",
        "place_en",
        "what_zh",
        "what_en",
        "hours_zh",
        "hours_en",
        "who_zh",
        "who_en",
        "class_code",
        "grid_id",
        "station_id",
        "action_codes",
        "service_codes",
        "needs_agreement",
        "one_off_yuan",
        "yearly_yuan",
        "cost_yuan",
        "cost_low",
        "cost_high",
        "is_assumed",
        "cost_source",
        "chosen_share",
        "certainty_code",
        "tie_code",
        "watch_zh",
        "watch_en",
        "budget_yuan",
        "gap_share",
        "n_cells",
        "n_cells_short",
        "n_draws",
        "plan_code",
    ),
    protect=(Protect(n=("n",), values=FIGURES, basis="respondents"),),
)
ORDER = (TOTAL, FUNDED, VERIFY, ALTERNATIVE, POOR, NONE)
DRAWN = 15  # bars on the page


def table(con: duckdb.DuckDBPyConnection, context: Context) -> pl.DataFrame:
    """The list of each area: the plan as a whole, what is funded, what would do as well, what is not worth its money."""
    rows = plan_rows(con, context)
    return rows.select(name for name in DISCLOSURE.columns() if name != "suppressed")


def chosen(rows: pl.DataFrame) -> pl.DataFrame:
    """What the plan pays for, the one that adds most first."""
    return rows.filter(pl.col("kind_code").is_in([FUNDED, VERIFY])).sort("rank", maintain_order=True)


def draw(rows: pl.DataFrame, context: Context) -> Any:
    """What each place adds, with the range over the draws."""
    funded = chosen(rows).filter(pl.col("gain").is_not_null()).head(DRAWN)
    if funded.is_empty():
        return None
    place = pl.col(f"place_{context.lang}").str.strip_suffix("暖心驿站")
    labelled = funded.with_columns(pl.format("{} {}", "rank", place).alias("label"))
    return charts.bars(
        labelled,
        label="label",
        value="gain",
        lower="gain_low",
        upper="gain_high",
        percent=False,
        title=context.pick(
            "每周新够得着的小时（细线：多半在此之间）", "hours a week newly within reach (line: mostly within)"
        ),
    )


def for_page(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The list without the row of totals, which the sentence tells."""
    order = {code: place for place, code in enumerate(ORDER)} | {VERIFY: 1}
    listed = rows.filter(~pl.col("kind_code").is_in([TOTAL]))
    return listed.sort("area_code", pl.col("kind_code").replace_strict(order), "rank", maintain_order=True)


def speak(rows: pl.DataFrame, context: Context) -> Sentence:
    """The plan in one paragraph."""
    return plan_sentence(rows, context)


FINDING = Finding(
    id="what_to_change",
    order=5,
    disclosure=DISCLOSURE,
    table=table,
    say=speak,
    draw=draw,
    for_page=for_page,
    count=lambda rows: rows["n"].max(),
    shows=(
        "kind_code",
        "rank",
        "place_zh",
        "place_en",
        "what_zh",
        "what_en",
        "who_zh",
        "who_en",
        "needs_agreement",
        "cost_yuan",
        "gain",
        "gain_range",
        "gain_per_10k",
        "certainty_code",
        "tie_code",
        "watch_zh",
        "watch_en",
    ),
    question_zh="下一步改什么最值？",
    question_en="What to change next?",
    measure_zh="新增小时：某网格需要某项服务的小哥在岗的小时，原来步行半径内没有开着、可用、有人知道的驿站，改后有了；各项服务分别计，依次累加。费用：一次性加12个月经常性",
    measure_en="Hours gained: hours of presence of couriers in need of a service who had no open, working, known station within the walk and now have; each service counted apart, each row on top of those before it. Cost: one-off and twelve months of recurring cost",
    source_zh="驿站台账、检查、使用记录、问卷、小哥出现量、价格表",
    source_en="station ledger, checks, logs, survey, presence of couriers, prices",
    caveats_zh=(
        "价格大多是假设（工作簿“价格含假设”“价格出处”两栏写明），签字前请换成报价：写进 place/costs.toml 再运行。",
        "新设、增设和修好的，假定从此可用、有人知道；做不到就没有这些小时。",
        "“每周小时”是够得着的小时，不是人次：附近有了，不等于有人去用；下季度看“下季度看什么”一栏。",
        "先核实的，费用按需要修的可能折算；义诊、咨询、理发、培训、文体按日子来，不计小时。",
        "把握程度是需要、可用与否、价格重抽后仍这样选的比例；不是成功的概率。",
    ),
    caveats_en=(
        "Most prices are assumed (two columns of the workbook say which): before signing, put quotations into place/costs.toml and run again.",
        "What is opened, added or repaired is taken to work and to be known from then on; where it is not, the hours are not gained.",
        "Hours a week are hours within reach, not visits: that something is near does not mean that it is used; look at the column “next quarter”.",
        "What is looked at first is charged by the chance that it has to be paid for; clinics, advice, haircuts, training and sports come on days and count no hours.",
        "Certainty is how often the same is chosen when need, what works and prices are drawn anew; it is no chance of success.",
    ),
)
