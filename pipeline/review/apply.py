"""One review workbook applied to one study: read, checked as a whole, written into place/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.contracts.review import Review, read_review, study_line
from pipeline.contracts.study_file import load_study_file
from pipeline.errors import CONTRACT, FILE, Problem, fail
from pipeline.paths import Study
from pipeline.review.decisions import KINDS_OF_BLOCK, decide
from pipeline.review.known import load_known
from pipeline.review.place_files import append
from pipeline.review.signed import signature

Word = Callable[[str, str], str]


@dataclass(frozen=True)
class Applied:
    """How many blocks of each kind were written, how many decisions stood in place/ already, how many corrections were
    left out because their file is gone; `files` are those written."""

    written: dict[str, int]
    n_known: int
    n_gone: int
    files: list[Path]

    def lines(self, study: Study, word: Word) -> list[str]:
        """The summary for the person who ran it, and what to do next."""
        counts = "，".join(f"{_LABELS[name][0]} {n}" for name, n in self.written.items() if n)
        english = ", ".join(f"{n} {_LABELS[name][1]}" for name, n in self.written.items() if n)
        said = [word(f"已写入：{counts}", f"Written: {english}")] if self.files else []
        said += [f"  {path}" for path in self.files]
        if self.n_known:
            said.append(
                word(f"原来就有、没有再写：{self.n_known}", f"Decided before, not written again: {self.n_known}")
            )
        if self.n_gone:
            said.append(
                word(
                    f"文件已不在 raw 中、没有写入的更正：{self.n_gone}",
                    f"Corrections of files no longer in raw, left out: {self.n_gone}",
                )
            )
        if not said:
            return [word("没有一行作了决定。", "No row holds a decision.")]
        again = f"python -m pipeline run --data {study.root}"
        return [*said, word(f"接下来：{again}", f"Next: {again}")] if self.files else said


_LABELS = {
    "spelling": ("写法", "spellings"), "alias": ("别名", "aliases"), "not_alias": ("不是同一处", "found to be other places"),
    "correction": ("更正", "corrections"), "declined": ("不接受的更正", "corrections declined"),
    "link": ("题目连接变量", "questions linked"), "no_link": ("题目不连接变量", "questions left unlinked"),
}  # fmt: skip


def apply(path: Path, study: Study) -> Applied:
    """Check every decision of a workbook, then append them to the TOML files of the place.

    Raises exit 10 when the workbook cannot be read or a file of place/ not be written, exit 11 with every problem of the
    workbook at once; nothing is written then.
    """
    study_file = load_study_file(study)
    review = _read(path)
    problems = _of_this_study(review, path, study_line(study_file)) + _whole(review, path)
    signed, unsigned = signature(review, path)
    decided = decide(review, signed, load_known(study), path.name)
    problems += (unsigned if any(row.decision for row in review.rows) else []) + decided.problems
    if problems:
        fail(CONTRACT, *problems)
    files = append(study, decided.blocks)
    written = {name: len(decided.blocks.get(name, [])) for name in KINDS_OF_BLOCK}
    return Applied(written, decided.n_known, decided.n_gone, files)


def _read(path: Path) -> Review:
    if not path.is_file():
        fail(FILE, Problem("file_missing", str(path), "文件不存在", "the file does not exist",
                           do_zh="请检查文件名", do_en="check the name"))  # fmt: skip
    try:
        review = read_review(path)
    except Exception as error:  # calamine's errors share no base
        fail(FILE, Problem("review_broken", path.name, "打不开这份工作簿", "the workbook cannot be opened",
                           got=type(error).__name__, do_zh="请用 WPS 或 Excel 另存为 .xlsx 再试，不要设密码",
                           do_en="save it as .xlsx without a password and try again"))  # fmt: skip
    if not review.is_review:
        fail(CONTRACT, Problem("review_unreadable", path.name, "这不是审核工作簿", "this is no review workbook",
                               expected="processed/review/review.xlsx", do_zh="请用运行生成的 review.xlsx",
                               do_en="take the review.xlsx that a run has written"))  # fmt: skip
    return review


def _of_this_study(review: Review, path: Path, line: tuple[str, str]) -> list[Problem]:
    found = (review.study, review.areas)
    if found == line:
        return []
    return [
        Problem("review_other_study", path.name, "这份工作簿属于另一个研究或地区", "the workbook is of another study or area",
                got=" / ".join(found), expected=" / ".join(line), do_zh="请用 --data 指定它的研究文件夹",
                do_en="name its study with --data")
    ]  # fmt: skip


def _whole(review: Review, path: Path) -> list[Problem]:
    return [
        Problem("review_unreadable", f"{path.name} [{sheet}]", "工作表缺少必需的列", "the sheet has lost a column",
                expected="、".join(lacking), do_zh="请重新运行生成审核工作簿，不要改表头", do_en="run again for a new workbook; keep its headings")
        for sheet, lacking in review.lacks.items()
    ]  # fmt: skip
