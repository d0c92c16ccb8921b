"""What a cell published while it ran, as outputs of a notebook: the first part of it.

A limit on what is shown ends nothing that is run: the rest is left out, with a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.harmless.images import is_png
from autograder.jail.messages import Message

Output = dict[str, Any]
OUTPUT_SIZE = 256  # bytes that an output takes at least, however little it says
ERROR_TEXT = 500  # characters of an error that is told after all else is left out


class Published:
    """The outputs of one cell, of which ``most`` bytes are kept, and what it raised."""

    def __init__(self, most: int):
        """Keep nothing yet."""
        self.outputs: list[Output] = []
        self.error: Output | None = None  # the first one
        self._most, self._left = most, most

    def take(self, message: Message) -> None:
        """Keep what a message shows, as far as it fits."""
        if message.kind not in OUTPUTS:
            self._left -= OUTPUT_SIZE
            return
        output = OUTPUTS[message.kind](message.content)
        if message.kind == "error" and self.error is None:
            self.error = output
        if self._left < 0:  # the rest was left out already
            return
        self._left -= max(message.size, OUTPUT_SIZE)
        if self._left >= 0:
            self.outputs.append(output)
            return
        if message.kind == "stream":
            self.outputs.append(output | {"text": output["text"][: self._left]})
        self.outputs.append(stream(f"\n[cut: the grader keeps {self._most:,} bytes of a cell]\n"))

    def all(self) -> list[Output]:
        """Return what was kept; an error is among it, if only in brief."""
        if self.error and self.error not in self.outputs:
            brief = {name: self.error[name][:ERROR_TEXT] for name in ("ename", "evalue")}
            self.outputs.append({"output_type": "error", "traceback": []} | brief)
        return self.outputs


def stream(text: str) -> Output:
    """Return ``text`` as something printed."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def _error(content: dict[str, Any]) -> Output:
    return {"output_type": "error"} | content


def _shown(content: dict[str, Any]) -> Output:
    data = content["data"]
    if not is_png(data.get("image/png", "")):
        data.pop("image/png", None)  # formgrader would show whatever it is
    return {"output_type": "display_data", "data": data, "metadata": {}}


# What is kept of what a cell publishes, as an output of a notebook.
OUTPUTS: dict[str, Callable[[dict[str, Any]], Output]] = {
    "stream": lambda content: {"output_type": "stream"} | content,
    "error": _error,
    "display_data": _shown,
    "execute_result": lambda content: (
        _shown(content) | {"output_type": "execute_result", "execution_count": None}
    ),
}
