"""Questions of a review workbook, and what stands in the place that they are decided for."""

from __future__ import annotations

from pipeline.contracts.review import CORRECTIONS, PLACES, SIMILAR, SPELLINGS, Question

STUDY_TOML = """\
name_zh = "试点"
name_en = "Pilot"
[[areas]]
code = "AA"
label_zh = "东里"
label_en = "Dongli"
"""
ALIASES = """\
# 值班员记的别名，不要删
[[alias]]
kind = "station"   # 驿站
area_code = "AA"
alias = "东大门"
local_code = "S1"
reviewer = "值班员甲"
reviewed_on = 2023-05-20
"""
LEDGER = "台账/驿站台账_2023-05-14.xlsx"


def spelling(text, book="services"):
    return Question(SPELLINGS, {"写法": text}, {"list": book}, book)


def place(text, *candidates, kind="station", area="AA"):
    names = dict(zip(("候选1", "候选2", "候选3"), candidates, strict=False))
    return Question(
        PLACES, {"写法": text, **names}, {"kind": kind, "area": area, "codes": [name.split()[0] for name in candidates]}
    )


def cell(column, old, new, *, row=12, file=LEDGER):
    cells = {
        "文件": file,
        "工作表": "驿站台账",
        "行": row,
        "列": column,
        "现值": old,
        "建议值": new,
        "理由": "经度和纬度写反了",
    }
    return Question(CORRECTIONS, cells, {"source": "station_ledger"})


PAIR = Question(
    SIMILAR,
    {"一处": "S1 东门驿站", "另一处": "S2 东门外驿站"},
    {"kind": "station", "area": "AA", "codes": ["S1", "S2"]},
)
SWAPPED = (cell("经度", "39.91", "116.46"), cell("纬度", "116.46", "39.91"))


def contents(study):
    return {path.name: path.read_bytes() for path in sorted(study.place.rglob("*")) if path.is_file()}
