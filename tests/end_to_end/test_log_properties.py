"""Whatever a log says: no row vanishes, every row has one fate, and the order of files changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.logs.log_room import Room, events

TIMES = st.one_of(
    st.sampled_from(["2023-05-14 08:00:00", "2023-05-14 08:01:00", "2023/5/14 8:00", "45060.3333333", "2023-05-31 23:59:59",
                     "2023-06-01 00:00:00", "2099-01-01 00:00:00", "", "昨天", "0000-00-00 00:00:00", "1684022400"]),
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S") if moment.year > 999 else "?"),
)  # fmt: skip
ROW = st.tuples(
    st.sampled_from(["", "L1", "L2", "L3"]),
    st.sampled_from(["S001", "S002", "S003", "S009", "", "东门小站"]),
    TIMES,
    st.sampled_from(["", "19000000001", "19000000002", "无"]),
    st.sampled_from(["快递", "骑手", "?", ""]),
    st.sampled_from(["成功", "拒绝", "?", ""]),
)
# csv cannot tell an empty line from a row of empty cells: the last cell marks each row as one
FILES = st.lists(st.lists(ROW, min_size=1, max_size=12), min_size=1, max_size=4)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=FILES, seed=st.randoms(use_true_random=False))
def test_the_ledger_balances_and_the_order_of_files_does_not_matter(files: list[list[tuple]], seed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        room, other = Room(Path(folder) / "one"), Room(Path(folder) / "two")
        header = "流水号,驿站编号,开门时间,手机号,人员类别,结果,设备号"
        rows = [[(*row, "D1") for row in file] for file in files]
        deliveries = [room.lock(f"f{i}", file, header=header) for i, file in enumerate(rows)]
        shuffled = [other.lock(f"f{i}", file, header=header) for i, file in enumerate(rows)]
        seed.shuffle(shuffled)
        result, again = room.load(*deliveries), other.load(*shuffled)

        assert result.ledger["n_read"].to_list() == [len(file) for file in rows]
        taken = pl.sum_horizontal("n_clean", "n_duplicate", "n_rejected", "n_set_aside")
        assert result.ledger.select((pl.col("n_read") == taken).all()).item()
        assert result.ledger["n_clean"].min() >= 0
        clean = events(result)
        assert clean.height == result.ledger["n_clean"].sum()
        places = {(f"f{i}", row) for i, file in enumerate(rows) for row in range(2, len(file) + 2)}
        seen = set(result.fates.select("source_file_id", "source_row").rows())
        here = set(clean.select("source_file_id", "source_row").rows()) if clean.height else set()
        assert here | seen == places and not here & seen
        fates = result.fates.group_by("source_file_id", "source_row").agg(pl.col("fate").n_unique())
        assert fates["fate"].max() in (None, 1)
        kept = set(result.fates["kept_row"].drop_nulls())
        assert kept <= {f"{file}::{row}" for file, row in here}

        assert (
            again.fates.equals(result.fates)
            and again.ledger.equals(result.ledger)
            and again.notices.equals(result.notices)
        )
        assert events(again).equals(clean)
