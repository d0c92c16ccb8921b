"""The page's own arithmetic, asked from Python: one Node process for as many settings as wished."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from tests.serving import need

SCRIPT = Path(__file__).parents[1] / "js" / "answers.mjs"


class Ask(Protocol):
    """Returns what a widget computes from its traits, and what it says of them."""

    def __call__(self, widget: str, **traits: Any) -> dict[str, Any]: ...


@contextmanager
def answers() -> Iterator[Ask]:
    """Start Node, and end it."""
    command = [need("node", "nodejs"), str(SCRIPT)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        asked, answered = node.stdin, node.stdout

        def ask(widget: str, **traits: Any) -> dict[str, Any]:
            print(json.dumps({"widget": widget, "traits": traits}), file=asked, flush=True)
            answer: dict[str, Any] = json.loads(answered.readline())
            return answer

        yield ask
        asked.close()
