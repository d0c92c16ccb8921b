"""Writes the golden vectors that the JavaScript and the Python of the course must both meet.

Each module of ``tests/js/cases`` makes the cases of one topic. The expected numbers come from
NumPy, SciPy and PyTorch, never from convbook. Run ``python -m tests.js.make_golden`` after a
change; a test compares the files with a fresh run.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.js import cases

FOLDER = Path(__file__).parent / "golden"
Cases = list[dict[str, Any]]

GOLDEN: dict[str, Callable[[], Cases]] = {
    name: make
    for module in pkgutil.iter_modules(cases.__path__)
    for name, make in import_module(f"tests.js.cases.{module.name}").GOLDEN.items()
}


def golden_text(name: str) -> str:
    """The file's text: one case a line, so that a change shows as the cases it changes."""
    lines = (json.dumps(case, default=_plain) for case in GOLDEN[name]())
    return "[\n" + ",\n".join(lines) + "\n]\n"


def golden(name: str) -> Cases:
    """The stored cases."""
    stored: Cases = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return stored


def _plain(value: Any) -> Any:
    return value.tolist()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in GOLDEN:
        (FOLDER / f"{name}.json").write_text(golden_text(name), encoding="utf-8")
