"""Two waves in one file, or more answers than people: signs that a file is not what the wave file says it is."""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from pipeline.clean.surveys.exports import Export
from pipeline.clean.surveys.times import time_of
from pipeline.contracts import Wave
from pipeline.contracts.survey_limits import survey_limits
from pipeline.errors import Problem

_TOTAL_IN_NAME = re.compile(
    r"(\d+)_(\d+)(?:_[012])?$"
)  # answers in all, answers exported; older files then say which form


def mixture_problems(export: Export, wave: Wave) -> list[Problem]:
    """Problems of one export: sheets of other days, a second header among the rows, more rows than the frame has people
    or than the platform says it exported."""
    return [*_other_days(export, wave), *_second_header(export), *_too_many(export, wave)]


def _other_days(export: Export, wave: Wave) -> list[Problem]:
    days = export.frame.select(time_of(pl.col("submitted_at")).dt.date().alias("day"))["day"].drop_nulls()
    limits = survey_limits()
    grace = timedelta(days=limits.grace_days)
    outside = days.filter((days < wave.opened_on - grace) | (days > wave.closed_on + grace))
    if len(outside) <= max(limits.outside_few, limits.outside_share * len(days)):
        return []
    return [
        Problem(
            "waves_mixed", export.table.path.name, "文件里有其他时间的答卷，可能混入了另一波调查",
            "the file holds answer sheets of other days; another wave may be mixed in",
            got=f"{len(outside)} / {len(days)}：{outside.min()} – {outside.max()}",
            expected=f"{wave.opened_on} – {wave.closed_on}",
            do_zh="请每一波调查单独导出；如果只是日期写错，请修改波次文件的 opened_on / closed_on",
            do_en="export every wave to a file of its own; if only the dates are wrong, mend opened_on / closed_on",
        )
    ]  # fmt: skip


def _second_header(export: Export) -> list[Problem]:
    """A row that repeats most of the headings: two exports one below the other."""
    headings = [heading.strip() for heading in export.table.columns]
    same = [
        (pl.col(answer.column).str.strip_chars() == headings[int(answer.column[1:])]).fill_null(False).cast(pl.Int64)
        for answer in export.layout.answers
    ]
    if not same:
        return []
    found = export.frame.filter(pl.sum_horizontal(same) * 2 > len(same))["source_row"].to_list()
    return [
        Problem(
            "waves_mixed", f"{export.table.path.name} 第{row}行", "数据中间又出现了一行表头，像是两份导出接在了一起",
            "a second header among the rows: two exports joined into one", do_zh="请把两份导出分成两个文件",
            do_en="keep the two exports in two files",
        )
        for row in found
    ]  # fmt: skip


def _too_many(export: Export, wave: Wave) -> list[Problem]:
    n = export.frame.height
    limits = [(wave.frame_total, "frame_total")] if wave.frame_total is not None else []
    stated = _TOTAL_IN_NAME.search(export.table.path.stem)
    if stated and wave.platform_family == "wenjuanxing":
        limits.append((max(map(int, stated.groups())), export.table.path.name))
    return [
        Problem(
            "more_answers_than_frame", export.table.path.name, "答卷比应有的人数多", "more answer sheets than there can be",
            got=str(n), expected=f"≤ {limit}（{where}）",
            do_zh="请核对是否重复导出、手工加行，或波次文件的 frame_total 是否写小了",
            do_en="look for rows exported twice or added by hand, or a frame_total that is too small",
        )
        for limit, where in limits
        if n > limit
    ]  # fmt: skip
