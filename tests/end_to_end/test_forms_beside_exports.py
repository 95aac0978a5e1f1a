"""An export with its form beside it — XLSForm, .qsf, codebook — is drafted into a wave file that knows the options' wording."""

from __future__ import annotations

import pytest

from pipeline.contracts import load_wave
from pipeline.drafting.command import Asked, draft_files
from tests.platforms import kobo, plain_table, qualtrics
from tests.platforms.answers import draw_answers

CASES = [
    (kobo, "write_form", "names csv"), (qualtrics, "write_form", qualtrics.LAYOUTS[0]),
    (plain_table, "write_codebook", "codes"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "writer", "layout"), CASES, ids=["xlsform", "qsf", "codebook"])
def test_the_form_gives_the_options_their_words(module, writer, layout, tmp_path):
    exports = module.write(tmp_path / "raw", draw_answers(40, seed=5), layout)
    form = getattr(module, writer)(tmp_path / "form")
    out = tmp_path / "wave.toml"
    draft_files(list(exports.values())[:1], Asked(forms=[form], out=out))
    texts = {option.text for question in load_wave(out).questions for option in question.options}
    assert {"快递员", "手机充电、换电"} <= texts
