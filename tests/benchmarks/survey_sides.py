"""The two sides of the survey benchmark, each run in a process of its own: `ours FILE` or `pandas FILE`.

Prints one JSON object: seconds of reading and of decoding with quality checks, peak memory in MB, and counts that must
agree. The peer decodes the way one writes it with pandas: maps per column, one column per option, one long table.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from tests.benchmarks.big_survey import CHOICES, META, SERVICES, questions, wave

STATES = {"(跳过)": "not_shown", "(空)": "blank"}


def ours(path: Path) -> dict[str, float]:
    """Read, decode and check with the project's own survey path."""
    import polars as pl

    from pipeline.clean.surveys import SurveyContext, clean_wave
    from pipeline.readers import read_file

    started = time.perf_counter()
    tables = read_file(path)
    read = time.perf_counter()
    result = clean_wave(wave(), {"text": tables}, SurveyContext("QC", b"key"))
    done = time.perf_counter()
    answers, people = result.answers, result.respondents
    states = dict(answers.group_by("state").len().iter_rows())
    return {
        "read": read - started,
        "decode": done - read,
        "n_rows": answers.height,
        "n_not_shown": states["not_shown"],
        "n_blank": states["blank"],
        "n_ticks": int(answers.filter(pl.col("option_code") != "")["value_number"].sum()),
        "hours": round(float(people["hours_per_day"].sum()), 3),
        "n_speeders": int(people["is_speeder"].sum()),
        "n_straight": int(people["is_straightliner"].sum()),
        "n_failed": int(people["is_attention_failed"].sum()),
    }


def peer(path: Path) -> dict[str, float]:
    """The same with pandas and openpyxl."""
    import pandas as pd

    started = time.perf_counter()
    frame = pd.read_excel(path, engine="openpyxl", dtype=object)
    read = time.perf_counter()
    frame = frame.drop(columns=["来源", "来源详情", "来自IP"])
    codes = {text: str(number) for number, text in enumerate(CHOICES, start=1)}
    long, states, place, failed, straight = [], [], len(META) - 3, None, pd.Series(False, index=frame.index)
    for question in questions():
        block = frame.iloc[:, place : place + max(1, len(question.items))]
        place += block.shape[1]
        if question.type == "multiple":
            cells = block.iloc[:, 0]
            state = _state(cells)
            ticked = (
                cells.where(state == "answered", "").str.get_dummies(sep="┋").reindex(columns=SERVICES, fill_value=0)
            )
            ticked = ticked.where(state == "answered")
            ticked.insert(0, "序号", frame["序号"])
            long.append(ticked.melt(id_vars="序号", var_name="option", value_name="value"))
            states += [state] * len(SERVICES)
            continue
        decoded = []
        for name in block.columns:
            cells = block[name]
            state = _state(cells)
            states.append(state)
            value = cells.map(codes) if question.options else cells.where(state == "answered")
            decoded.append(value)
            long.append(pd.DataFrame({"序号": frame["序号"], "option": name, "value": value}))
        if question.variable == "attention":
            failed = decoded[0].notna() & (decoded[0] != question.expected)
        if question.items:
            rows = pd.concat(decoded, axis=1)
            straight |= (rows.nunique(axis=1) == 1) & rows.notna().all(axis=1)
        if question.type == "number":
            hours = pd.to_numeric(block.iloc[:, 0].astype(str).str.extract(r"(\d+(?:\.\d+)?)")[0])
    answers = pd.concat(long, ignore_index=True)
    said = pd.concat(states).value_counts()
    seconds = pd.to_numeric(frame["所用时间"].str.extract(r"(\d+)")[0])
    pd.to_datetime(frame["提交答卷时间"], format="%Y/%m/%d %H:%M:%S")
    speeders = seconds < seconds.median() / 3
    pd.util.hash_pandas_object(frame.iloc[:, 3:].fillna("").astype(str), index=False).duplicated().sum()
    done = time.perf_counter()
    ticks = answers.loc[answers["option"].isin(SERVICES), "value"].sum()
    return {
        "read": read - started, "decode": done - read, "n_rows": len(answers), "n_not_shown": int(said["not_shown"]),
        "n_blank": int(said["blank"]), "n_ticks": int(ticks), "hours": round(float(hours.sum()), 3),
        "n_speeders": int(speeders.sum()), "n_straight": int(straight.sum()), "n_failed": int(failed.sum()),
    }  # fmt: skip


def _state(cells):
    """The state of every cell of a column."""
    return cells.map(STATES).where(cells.notna() & (cells != ""), "blank").fillna("answered")


if __name__ == "__main__":
    figures = {"ours": ours, "pandas": peer}[sys.argv[1]](Path(sys.argv[2]))
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))
