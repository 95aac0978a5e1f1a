"""Make an empty study: folders, commented place/ files, and a note in Chinese on what to put where.

The note is derived from the source contracts, so it cannot disagree with what the readers accept.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.contracts import Source, load_codebooks, load_sources
from pipeline.errors import FILE, Problem, fail
from pipeline.paths import METADATA, study

TEMPLATE = METADATA / "new_study"
NOTE = "说明.md"


def start(directory: Path) -> list[Path]:
    """Write an empty study into `directory` and return the files made. Nothing that exists is overwritten.

    Raises exit 10 when there is a study already, or the folder cannot be written.
    """
    new = study(directory)
    if (new.place / "study.toml").exists():
        fail(
            FILE,
            Problem("study_exists", str(new.root), "这里已经有一个研究", "there is a study here already",
                    do_zh="请换一个文件夹", do_en="name another folder"),
        )  # fmt: skip
    try:
        new.raw.mkdir(parents=True, exist_ok=True)
        shutil.copytree(TEMPLATE, new.place, dirs_exist_ok=True)
        (new.root / NOTE).write_text(note(), encoding="utf-8")
        (new.root / ".gitignore").write_text(
            "# 原始文件、密钥和结果都不进版本库\nraw/\nprocessed/\n.key\n", encoding="utf-8"
        )
    except OSError as error:
        fail(
            FILE,
            Problem("study_unwritable", str(new.root), "无法写入文件夹", "the folder cannot be written",
                    got=type(error).__name__, do_zh="请检查权限", do_en="check permissions"),
        )  # fmt: skip
    return [new.root / NOTE, *sorted(path for path in new.place.rglob("*") if path.is_file())]


def note() -> str:
    """The note: what each folder is for, and for every kind of delivery where its files go and which columns it needs."""
    lines = [
        "# 这个文件夹怎么用",
        "",
        "1. 把收到的文件**原样**放进 `raw/`（不要改内容，放对文件夹、文件名里带上关键词即可，见下表）。",
        "2. 打开 `place/` 里的文件，照注释填写这个地方特有的内容：地区、承诺、公布数字、边界网格、别名、问卷。",
        "3. 运行 `make pipeline DATA=这个文件夹`（Windows：把这个文件夹拖到 `运行.bat` 上）。",
        "4. 结果在 `processed/findings/季度/`；需要修改的行在 `processed/return/`；没见过的写法、认不出的地点在 `processed/review/review.xlsx` 里选（再运行 `python -m pipeline apply`）；校验页是 `processed/validation.html`。",
        "",
        "`processed/` 整个可以删除重建；`.key` 是假名密钥，不要发给别人，丢失后假名会全部改变。",
        "姓名、电话、微信昵称等列读入时立即删除，不会进入任何结果。模拟数据与真实文件不能放在同一个研究里。",
        "",
        "| 文件 | 放在 raw/ 下 | 必需的列（任一写法即可） |",
        "|---|---|---|",
    ]
    for source in load_sources().values():
        lines.append(f"| {source.label_zh} | {_places(source)} | {_columns(source)} |")
    services = "、".join(code.label_zh for code in load_codebooks()["services"].codes)
    lines += ["", f"服务的写法：{services}（同义写法见代码表；没见过的写法会退回，不会猜）。", "",
              "问卷导出（问卷星、腾讯问卷、问卷网、金数据、Kobo、Qualtrics、SurveyMonkey、Google 表单、LimeSurvey、SPSS）：放在任意子文件夹，每一波写一个 TOML 文件放进 `place/waves/`；`python -m pipeline codebook draft 文件` 会起草。", ""]  # fmt: skip
    return "\n".join(lines)


def _places(source: Source) -> str:
    return "<br>".join(f"`{pattern}`" for pattern in source.files)


def _columns(source: Source) -> str:
    return "；".join(" / ".join(column.headings[:3]) for column in source.columns if column.required)
