"""Finding an engine: are its packages here, does anybody answer, and what the user does if not."""

from __future__ import annotations

import socket
import warnings
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from pipeline.errors import FILE, SETUP, Problem, fail

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PORT = 15002
_SECONDS = 10
# Times have no zone and none is added; a number that does not fit is an error as in DuckDB, never another number.
_CONFIG = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}


def open_session(remote: str) -> SparkSession:
    """A session at `remote`, set so that SQL means the same as in DuckDB.

    Raises exit 3 where pyspark or sqlglot is missing, exit 10 where nobody answers at the address.
    """
    with warnings.catch_warnings(action="ignore"):
        try:
            import sqlglot  # noqa: F401
            from pyspark.sql import SparkSession
        except ImportError as error:
            _not_installed(error)
        if remote.startswith("sc://"):
            _knock(remote)
        try:
            builder = SparkSession.builder.remote(remote)
            session = builder.create() if remote.startswith("sc://") else builder.getOrCreate()
            for name, value in _CONFIG.items():
                session.conf.set(name, value)
        except Exception as error:  # grpc's, Java's or pyspark's own
            _unreachable(remote, type(error).__name__)
    return session


def no_shared_folder(remote: str, exchange: str, error: Exception) -> NoReturn:
    """Stop: one side does not see what the other writes."""
    fail(
        FILE,
        Problem(
            "engine_folder_not_shared", exchange, "计算引擎看不到交换文件夹，或者无权写入",
            "the engine does not see the exchange folder, or may not write there", got=f"{remote}: {type(error).__name__}",
            do_zh="请把 WARM_STATIONS_EXCHANGE 设为双方都能读写的文件夹或对象存储地址",
            do_en="set WARM_STATIONS_EXCHANGE to a folder or object store that both can read and write",
        ),
    )  # fmt: skip


def _knock(remote: str) -> None:
    """A quick look whether anybody listens: the client itself would try for ten minutes."""
    try:
        address = urlsplit(remote)
        host, port = address.hostname, address.port or _PORT
        with socket.create_connection((host or "", port), timeout=_SECONDS):
            return
    except (OSError, ValueError) as error:
        _unreachable(remote, type(error).__name__)


def _unreachable(remote: str, got: str) -> NoReturn:
    fail(
        FILE,
        Problem(
            "engine_unreachable", remote, "连不上计算引擎", "the engine cannot be reached", got=got,
            expected="sc://HOST:PORT",
            do_zh="请检查地址，以及那里的 Spark Connect 服务是否在运行；不用 --engine 时在本机用 DuckDB 计算",
            do_en="check the address and that a Spark Connect server runs there; without --engine DuckDB works on this machine",
        ),
    )  # fmt: skip


def _not_installed(error: ImportError) -> NoReturn:
    fail(
        SETUP,
        Problem(
            "engine_not_installed", f"--engine spark: {error.name}", "这个环境里没有连接计算引擎所需的软件包",
            "this environment has no packages to speak to an engine",
            do_zh="请用 python bootstrap.py --with sail -- -m pipeline run --engine spark … 运行（Apache Spark 用 --with spark）",
            do_en="run python bootstrap.py --with sail -- -m pipeline run --engine spark … (--with spark for Apache Spark)",
        ),
    )  # fmt: skip
