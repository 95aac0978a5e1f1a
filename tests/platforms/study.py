"""A study made of surveys alone: one folder of raw files and one wave file per platform."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from pipeline.contracts import Wave
from pipeline.start import start
from tests.platforms.answers import Answers
from tests.platforms.every import PLATFORMS, fitting
from tests.platforms.files import wave_text
from tests.platforms.personal import extra_columns, own

EXTRA = (*extra_columns(own(0)), *(f"x{n}" for n in range(12)), *(f"X{n}" for n in range(12)))


def make_study(root: Path, exports: Iterable[tuple[str, str]], answers: Answers) -> Path:
    """A new study with these exports (platform, layout), all of the same answers."""
    start(root)
    for platform, layout in exports:
        add_export(root, platform, layout, answers)
    return root


def add_export(
    root: Path, platform: str, layout: str, answers: Answers, area: tuple[str | None, str] = (None, "")
) -> dict[str, Path]:
    """One more wave: its files below raw/, its wave file in place/waves; the files are returned by form. `area` is the code
    and the folder of the area that the answers are about, in a study of several."""
    module, code = PLATFORMS[platform], f"{platform}_{layout.replace(' ', '_')}"
    written = module.write(root / "raw" / area[1] / "调查" / code, fitting(platform, answers), layout)
    save_wave(root, replace(wave_of(platform, layout), area_code=area[0]))
    return written


def wave_of(platform: str, layout: str) -> Wave:
    """The wave of an export that lies in a folder of its own."""
    code = f"{platform}_{layout.replace(' ', '_')}"
    wave = PLATFORMS[platform].wave(layout)
    files = {form: glob.replace("**/", f"调查/{code}/") for form, glob in wave.files.items()}
    return replace(wave, code=code, files=files, ignore_columns=(*wave.ignore_columns, *EXTRA))


def save_wave(root: Path, wave: Wave) -> Path:
    """The wave as a wave file of the study."""
    path = root / "place" / "waves" / f"{wave.code}.toml"
    path.write_text(wave_text(wave), encoding="utf-8")
    return path
