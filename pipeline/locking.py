"""Only one run at a time in one output folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import FILE, LOCKED, Problem, fail
from pipeline.paths import Study


@contextmanager
def exclusive(study: Study) -> Iterator[None]:
    """Only one run at a time in one output folder; another one gets exit 14."""
    from filelock import FileLock, Timeout

    if not study.root.exists():
        fail(
            FILE,
            Problem("study_missing", str(study.root), "研究文件夹不存在", "the study folder does not exist",
                    expected="raw/  place/", do_zh="请检查路径，或先运行 python -m pipeline start 文件夹",
                    do_en="check the path, or run python -m pipeline start DIR first"),
        )  # fmt: skip
    try:
        study.out.mkdir(parents=True, exist_ok=True)
        lock = FileLock(study.out / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        fail(
            LOCKED,
            Problem("locked", str(study.out), "另一次运行正在进行", "another run is under way",
                    do_zh="请等它结束后再运行", do_en="wait until it has ended"),
        )  # fmt: skip
    except OSError as error:
        fail(
            FILE,
            Problem("out_unwritable", str(study.out), "无法写入结果文件夹", "the output folder cannot be written",
                    got=type(error).__name__, do_zh="请检查权限或换一个 --out", do_en="check permissions, or name another --out"),
        )  # fmt: skip
    try:
        yield
    finally:
        lock.release()
