"""The questionnaire with all that belongs to it — paper, import text, wave file, fieldwork note — from the question bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline import disclose
from pipeline.contracts import Codebook
from pipeline.export.questionnaire.fieldwork import fieldwork_document
from pipeline.export.questionnaire.form import Form, build_form
from pipeline.export.questionnaire.import_text import import_text
from pipeline.export.questionnaire.paper import questionnaire_document
from pipeline.export.questionnaire.skips import skip_of
from pipeline.export.questionnaire.wave_file import wave_text

__all__ = ["Form", "build_form", "questionnaire_files"]

FOLDER = "问卷"
PAPER, IMPORT, WAVE = "小哥服务需求调查问卷.docx", "问卷星导入文本.txt", "波次文件_问卷星.toml"
FIELDWORK, README = "现场说明.docx", "说明.txt"


def questionnaire_files(
    codebooks: Mapping[str, Codebook], places: Mapping[str, Sequence[str]], *, area_label: str = "",
    area_code: str | None = None, is_simulated: bool = False,
) -> dict[str, bytes]:  # fmt: skip
    """Path below the folder of templates → bytes. `places` are the names of stations and grid cells that are known. The
    same inputs give the same bytes. The texts are UTF-8 without a mark, with line ends that any editor shows."""
    stamp = disclose.rules()["simulated"]["zh"] if is_simulated else ""
    form = build_form(codebooks, places, area_label=area_label, area_code=area_code, stamp=stamp)
    texts = {IMPORT: import_text(form), WAVE: wave_text(form), README: _readme(form)}
    made = {PAPER: questionnaire_document(form), FIELDWORK: fieldwork_document(form)}
    made |= {name: text.encode("utf-8") for name, text in texts.items()}
    return {f"{FOLDER}/{name}": made[name] for name in (README, PAPER, IMPORT, WAVE, FIELDWORK)}


def _readme(form: Form) -> str:
    """What the files are, and how the questionnaire gets onto the platform."""
    facts = form.bank.readme
    skips = [(question.number, skip_of(question, form.questions)) for question in form.questions]
    told = {
        "paper": PAPER, "import": IMPORT, "wave": WAVE, "fieldwork": FIELDWORK, "title": form.title,
        "n": len(form.questions), "many": facts["many"],
        "optional": _numbers(form, [asked.variable for asked in form.asked if asked.optional]),
        "numbers": _numbers(form, [asked.variable for asked in form.asked if asked.type == "number"]),
        "exclusive": _numbers(form, [asked.variable for asked in form.asked if asked.missing_none]),
        "skips": "\n".join(f"   第{number}题：{said}" for number, said in skips if said),
    }  # fmt: skip
    lines = [form.stamp] if form.stamp else []
    return "\n".join([*lines, *facts["lines"]]).format(**told) + "\n"


def _numbers(form: Form, variables: Sequence[str]) -> str:
    return "、".join(str(form.number(variable)) for variable in variables)
