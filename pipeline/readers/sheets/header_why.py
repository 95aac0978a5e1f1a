"""In a few words, why these rows are the header: shown by `inspect`, so that a person can disagree and tell `header_rows`."""

from __future__ import annotations

TOLD = "来源合同的 header_rows 指定"
OWN_NAMES = "文件自带列名"


def why(
    *, n_header: int, n_above: int, family: str | None = None, is_merged: bool = False, is_values: bool = False
) -> str:
    """The words for a header of `n_header` rows below `n_above` rows that are not blank.

    >>> why(n_header=1, n_above=0)
    '第一行就是列名'
    >>> why(n_header=2, n_above=2, is_merged=True)
    '上面 2 行是标题或说明；合并的分组标题下面是列名，合成“组/列”'
    >>> why(n_header=3, n_above=0, family="qualtrics")
    'qualtrics 导出文件的固定格式'
    """
    if family:
        return f"{family} 导出文件的固定格式"
    parts = [f"上面 {n_above} 行是标题或说明"] if n_above else []
    if n_header > 1:
        parts.append(("合并的" if is_merged else "") + "分组标题下面是列名，合成“组/列”")
    elif is_values:
        parts.append("这一行多是数值，文件可能没有列名，请核对")
    else:
        parts.append("其下第一行是列名" if n_above else "第一行就是列名")
    return "；".join(parts)
