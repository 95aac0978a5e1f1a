"""The solver may say what it likes: nobody reads it."""

from __future__ import annotations

import os

import pytest

from pipeline.analysis.siting.quiet import quiet


def test_what_compiled_code_prints_is_not_heard_and_what_follows_is(capfd):
    with quiet():
        os.write(1, b"debugging\n")
    os.write(1, b"said\n")
    assert capfd.readouterr().out == "said\n"


def test_standard_output_comes_back_after_a_fault(capfd):
    with pytest.raises(ValueError), quiet():
        raise ValueError
    os.write(1, b"said\n")
    assert capfd.readouterr().out == "said\n"
