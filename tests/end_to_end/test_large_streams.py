"""Megabytes of log in blocks: borders of blocks, pieces and quotes fall where they fall, and the rows are those of the whole."""

from __future__ import annotations

import csv
import gzip
import io
import random

import polars as pl
import pytest

from pipeline.readers import read_file
from pipeline.readers.streams import exact_lane, open_stream

HEADINGS = ["驿站编号", "时间", "手机号", "人员类别", "服务项目", "备注"]
SERVICES = ["饮水", "充电", "休息", "热饭"]
SPOILS = [
    "", "\r\n", '9,"x\r\n', '"a\nb",2023-05-14,,,,\r\n', "合计,,3\r\n", "小计,,,,,12\r\n", "备注：某,,,,,\r\n", "一、固定\r\n", "1,2,3,4,5,6,7\r\n",
    "1,2,3\r\n", ",".join(HEADINGS) + "\r\n", 'S001,x"y,19000000001,居民,充电,\r\n', "S001,\x00,,,,\r\n", "S1,a\rb,,,,\r\n", ",,,,,\r\n", " ,,\u3000,,,\r\n",
    'S002,"' + "多行\n" * 30 + '",,,,\r\n',
]  # fmt: skip


def log(seed, *, n_rows, quoting, n_spoils, encoding):
    """A log, well written but for `n_spoils` lines, and lines whose bytes are of another encoding."""
    rng = random.Random(seed)
    rows = [
        [f"S{rng.randrange(60):03}", f"2023-{1 + i * 12 // n_rows:02}-14 08:{i % 60:02}:01", f"190{rng.randrange(10**8):08}",
         rng.choice(["快递员", "居民", ""]), rng.choice(SERVICES), rng.choice(["", "", "好,谢谢", "无"])]
        for i in range(n_rows)
    ]  # fmt: skip
    out = io.StringIO(newline="")
    csv.writer(out, quoting=quoting, lineterminator="\r\n").writerows([HEADINGS, *rows])
    lines = [line.encode(encoding) for line in out.getvalue().splitlines(keepends=True)]
    for _ in range(n_spoils):
        lines.insert(rng.randrange(2, len(lines)), rng.choice(SPOILS).encode(encoding))
    if n_spoils:
        lines.insert(len(lines) // 2, b"S003,\xff\xff\xfe,,,,\r\n")
        lines.append(b"S004,2023-12-31 0")
    return b"".join(lines)


@pytest.mark.parametrize("seed", range(6))
def test_a_log_with_faults_everywhere_is_read_alike_whole_and_in_blocks(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(exact_lane, "_PIECE", [2_000_000, 50_000, 3_000][seed % 3])
    encoding = "gb18030" if seed % 2 else "utf-8"
    data = log(
        seed,
        n_rows=30_000,
        quoting=[csv.QUOTE_MINIMAL, csv.QUOTE_ALL][seed // 2 % 2],
        n_spoils=[0, 4, 40][seed % 3],
        encoding=encoding,
    )
    path = tmp_path / ("a.csv.gz" if seed == 5 else "a.csv")
    path.write_bytes(gzip.compress(data, 1) if seed == 5 else data)
    (whole,) = read_file(path)
    stream = open_stream(path)
    assert stream.head.columns == whole.columns and stream.head.encoding == whole.encoding == encoding
    blocks = list(stream.blocks(range(6), coded=frozenset({0, 3, 4}), rows=[7_000, 1_500, 100_000][seed % 3]))
    frame = pl.concat([block.frame.with_columns(pl.exclude("source_row").cast(pl.String)) for block in blocks])
    assert frame.equals(whole.frame.select(frame.columns))
    assert pl.concat([block.set_aside for block in blocks]).equals(whole.set_aside)
    assert sorted(pl.concat([block.notices for block in blocks]).rows()) == sorted(whole.notices.rows())
    assert sum(block.n_read for block in blocks) == whole.n_read
