"""The study's secret key and the keyed pseudonyms made with it.

A keyed pseudonym is de-identified, not anonymous (PIPL Art. 73): the key stays in `STUDY/.key` (or the environment), never
in git.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

import polars as pl

from pipeline.errors import FILE, Problem, fail
from pipeline.paths import Study

KEY_VARIABLE = "WARM_STATIONS_KEY"


def study_key(study: Study) -> bytes:
    """The study's secret key: from the environment, or `STUDY/.key`, made at the first run and readable by its owner
    only. A changed key means other pseudonyms: what was built with the old one is built again."""
    from_environment = os.environ.get(KEY_VARIABLE)
    if from_environment:
        return from_environment.encode()
    try:
        if not study.key.exists():
            descriptor = os.open(study.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
        return study.key.read_text(encoding="ascii").strip().encode()
    except OSError as error:
        fail(
            FILE,
            Problem("key_unwritable", study.key.name, "无法读写假名密钥文件", "the key file cannot be read or written",
                    got=type(error).__name__, do_zh=f"请检查文件夹权限，或设置环境变量 {KEY_VARIABLE}",
                    do_en=f"check the folder's permissions, or set {KEY_VARIABLE}"),
        )  # fmt: skip


def key_fingerprint(key: bytes) -> str:
    """A short check value of the key (not the key), to notice that it changed."""
    return hashlib.sha256(b"fingerprint" + key).hexdigest()[:16]


def pseudonym(values: pl.Series, key: bytes, salt: str) -> pl.Series:
    """Keyed pseudonyms: HMAC-SHA256 of salt and value, 16 hex characters; missing stays missing.

    Distinct values are hashed once and joined back. `salt` separates uses (a month, a wave): the same person under
    another salt has another pseudonym.

    >>> pseudonym(pl.Series(["a", None, "a"]), b"k", "2023-05").n_unique()
    2
    """
    distinct = values.drop_nulls().unique()
    table = {value: _digest(key, salt, value) for value in distinct.to_list()}
    return values.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.String)


def _digest(key: bytes, salt: str, value: str) -> str:
    return hmac.new(key, f"{salt}\x1f{value}".encode(), hashlib.sha256).hexdigest()[:16]
