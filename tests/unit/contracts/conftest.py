"""A study folder to put files into."""

from __future__ import annotations

import pytest

from pipeline.paths import Study

STUDY_TOML = """\
name_zh = "试点"
name_en = "Pilot"
is_simulated = false
[[areas]]
code = "AA"
label_zh = "东里"
label_en = "Dongli"
"""


@pytest.fixture
def study(tmp_path):
    """An empty study of one area, in a folder with a space and Chinese in its name."""
    root = tmp_path / "我的 研究"
    (root / "raw").mkdir(parents=True)
    (root / "place").mkdir()
    (root / "place" / "study.toml").write_text(STUDY_TOML, encoding="utf-8")
    return Study(root=root, out=root / "processed")


@pytest.fixture
def put(study):
    """Write a file below the study."""

    def write(path, content):
        target = study.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    return write
