"""The register of stations as an Open Referral HSDS 3 tabular data package: CSV files and a datapackage.json, on demand."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import FILE, Problem, fail
from pipeline.export import leak_check
from pipeline.export.hsds import package
from pipeline.export.hsds.register import Register, read
from pipeline.export.write import put_all
from pipeline.paths import Study
from pipeline.warehouse.connect import open_warehouse

__all__ = ["Register", "files", "write"]


def write(study: Study, directory: Path, lang: str = "zh") -> list[Path]:
    """Write the register of a study's published warehouse into `directory`; datapackage.json comes first in the list.

    Only open columns leave. The same warehouse gives the same bytes. Every file is searched for pseudonyms before any is
    put in place (exit 13). Exit 10 without a warehouse, without a station in it, or where `directory` is a file.
    """
    if not study.warehouse.exists():
        fail(
            FILE,
            Problem("warehouse_missing", str(study.warehouse), "还没有建好数据库", "the warehouse has not been built",
                    do_zh="请先运行 make pipeline（或 python -m pipeline run --data 文件夹）",
                    do_en="run make pipeline first (or python -m pipeline run --data DIR)"),
        )  # fmt: skip
    if directory.exists() and not directory.is_dir():
        fail(
            FILE,
            Problem("out_unwritable", str(directory), "无法写入结果文件夹", "the output folder cannot be written",
                    got="文件 file", do_zh="请换一个文件夹名", do_en="name another folder"),
        )  # fmt: skip
    with open_warehouse(study) as con:
        made: dict[Path, bytes | str] = {directory / name: text for name, text in files(read(con, study, lang)).items()}
        leak_check.check(made, leak_check.canaries(con))
    return put_all(made)


def files(register: Register) -> dict[str, str]:
    """File name → content of the package. Exit 10 when the register holds no station."""
    if register.stations.is_empty():
        fail(
            FILE,
            Problem("no_stations", "warehouse.duckdb", "数据库里没有驿站，没有名录可写", "the warehouse holds no station: there is no register",
                    expected="clean.stations", do_zh="请把驿站台账放进 raw 后重新运行", do_en="put a station ledger into raw and run again"),
        )  # fmt: skip
    return package.files(register)
