"""The process that holds Great Expectations: imports it at once, answers one request, ends.

`python -m pipeline.validate.worker` reads one JSON line {warehouse, rules, codes} and writes one JSON line: {results} or
{error}. The import takes seconds, so it runs beside reading and cleaning. Nothing it prints by itself gets through.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.paths import REPOSITORY
from pipeline.validate.rules import Rule

Worker = subprocess.Popen


def start() -> Worker[bytes]:
    """A worker that has begun to import. Without a request it ends with its parent."""
    command = [sys.executable, "-m", "pipeline.validate.worker"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)


def ask(
    worker: Worker[bytes], warehouse: Path, rules: Sequence[Rule], codes: Mapping[str, Sequence[str]]
) -> list[dict[str, Any]]:
    """The outcome of every rule. Raises RuntimeError (a bug of ours) naming the rule that could not be checked."""
    request = {
        "warehouse": str(warehouse.resolve()),
        "rules": [{**asdict(rule), "counterexample": (), "example": (), "context": {}} for rule in rules],
        "codes": codes,
    }
    out, _ = worker.communicate(json.dumps(request, default=_encode).encode() + b"\n")
    answer = json.loads(out) if out else {"error": f"the worker ended with code {worker.returncode}"}
    if "error" in answer:
        raise RuntimeError(f"validation: {answer['error']}")
    return answer["results"]


def _encode(value: Any) -> Any:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(type(value).__name__)


def _decode(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value["date"]) if set(value) == {"date"} else value


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
    # The import brings altair, altair jsonschema, and that compiles a grammar of international addresses for more than
    # a second if it finds one. Nothing here checks such addresses: it shall not find one.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from pipeline.validate import gx_duckdb

    line = requests.readline()
    if not line:
        return
    request = json.loads(line, object_hook=_decode)
    warehouse = Path(request["warehouse"])
    os.chdir(warehouse.parent)
    try:
        results = gx_duckdb.check(warehouse.name, [Rule(**rule) for rule in request["rules"]], request["codes"])
        answer = {"results": results}
    except RuntimeError as error:
        answer = {"error": str(error)}
    except Exception as error:  # its text may show a value: the kind of error is all that leaves
        answer = {"error": f"{type(error).__module__}.{type(error).__name__}"}
    answers.write(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "wb") as answers_:
        os.dup2(2, 1)  # whatever a library prints goes where nobody listens
        _serve(sys.stdin.buffer, answers_)
