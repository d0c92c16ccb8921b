"""A submission at work: its cells run in a jailed kernel, it answers calls.

When the kernel is lost, the next use starts a new one and runs the notebook again without the
cells that killed it, so checks that do not depend on them keep their credit.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from autograder.images import is_png
from autograder.kernel import Dropped, Flooded, Forged, JailedKernel, KernelLost, TimedOut
from autograder.messages import Message
from autograder.report import Verdict

Outputs = list[dict[str, Any]]
OUTPUT_SIZE = 256  # bytes that an output takes at least, however little it says


@dataclass(frozen=True)
class Budget:
    """Wall-clock seconds and bytes that a submission may use."""

    cell: float = 20.0
    check: float = 5.0
    submission: float = 90.0
    output: int = 2**20  # of one cell
    outputs: int = 2**23  # kept of all cells together
    restarts: int = 12


BUDGET = Budget()


class Unavailable(Exception):
    """The function that a check needs is not there; ``verdict`` says what came of its cell."""

    def __init__(self, verdict: Verdict, reason: str):
        """Keep the verdict and the sentence for the student."""
        super().__init__(reason)
        self.verdict = verdict


@dataclass
class Failure:
    """What went wrong in a cell."""

    verdict: Verdict
    text: str


@dataclass
class Session:
    """The running notebook; close it in the end.

    Args:
        flavour: which packages it may import.
        cells: the student's code cells by key, in order.
        budget: how much it may use.
    """

    flavour: str
    cells: dict[str, str]
    budget: Budget = BUDGET
    outputs: dict[str, Outputs] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    dropped: Dropped = field(default_factory=Counter)
    asked: Callable[[], str] = str  # says what was asked last
    _kernel: JailedKernel | None = None
    _started: int = 0
    _kept: int = 0
    _shown: int = 0  # bytes of output so far

    def __post_init__(self) -> None:
        """Start the clock of the submission."""
        self._end = time.monotonic() + self.budget.submission

    def open(self) -> None:
        """Run the notebook; what its cells do wrong is kept in `failures`."""
        with suppress(Unavailable):
            self.kernel()

    def close(self) -> None:
        """End the kernel."""
        if self._kernel:
            self._kernel.close()
        self._kernel = None

    def ask(self, parts: list[dict[str, Any]], buffers: list[bytes], end: float) -> Message:
        """Return the reply to the calls in ``parts``, unread, before the time ``end``.

        Raises:
            Unavailable: the notebook has no kernel any more.
            KernelLost: the kernel did not answer.
        """
        kernel = self.kernel()
        try:
            return kernel.call(parts, buffers, self._left(end))
        except KernelLost as lost:
            self._lose(lost)
            raise

    def new_number(self) -> int:
        """Return a number under which the kernel has kept nothing yet."""
        self._kept += 1
        return self._kept

    def show(self, source: str) -> Outputs:
        """Run a cell that is not the student's, such as a visible test, and return its outputs."""
        outputs: Outputs = []
        try:
            self._execute(self.kernel(), source, outputs, self.budget.check)
        except KernelLost as lost:
            self._lose(lost)
            outputs.append(_stream(f"stopped: {lost}\n"))
        except Unavailable as error:
            outputs.append(_stream(f"not run: {error}\n"))
        return self._bounded(outputs)

    def kernel(self) -> JailedKernel:
        """Return a kernel in which the notebook has run; start one where there is none.

        Raises:
            Unavailable: the submission has used up its restarts.
        """
        while self._kernel is None:
            if self._started > self.budget.restarts:
                raise Unavailable(Verdict.DIED, "the notebook ended its kernel too often")
            self._started += 1
            self._kernel = JailedKernel(self.flavour)
            self._replay()
        return self._kernel

    def _replay(self) -> None:
        for key, source in self.cells.items():
            if key not in self.excluded and self._kernel:
                self._run_cell(self._kernel, key, source)

    def _run_cell(self, kernel: JailedKernel, key: str, source: str) -> None:
        outputs: Outputs = []
        try:
            self._execute(kernel, source, outputs, self.budget.cell)
        except KernelLost as lost:
            self.excluded.add(key)
            self.failures[key] = Failure(verdict_of(lost), f"the cell was stopped: {lost}")
            outputs.append(_stream(f"stopped: {lost}\n"))
            self._lose(lost)
        else:
            error = next((o for o in outputs if o["output_type"] == "error"), None)
            if error:
                text = f"{error['ename']}: {error['evalue']}"[:500]
                self.failures[key] = Failure(
                    verdict_of_error(error["ename"], error["evalue"]), text
                )
        if key not in self.outputs:  # a cell that runs again shows nothing new
            self.outputs[key] = self._bounded(outputs)

    def _execute(self, kernel: JailedKernel, source: str, outputs: Outputs, seconds: float) -> None:
        size = 0

        def keep(message: Message) -> None:
            nonlocal size
            size += max(message.size, OUTPUT_SIZE)
            if size > self.budget.output:
                raise Flooded(f"more than {self.budget.output:,} bytes of output")
            if message.kind in OUTPUTS:
                outputs.append(OUTPUTS[message.kind](message.content))

        try:
            kernel.run(source, self._left(time.monotonic() + seconds), keep)
        finally:
            self.dropped += kernel.dropped
            kernel.dropped.clear()

    def _bounded(self, outputs: Outputs) -> Outputs:
        """Return ``outputs``, or a word in their place once a submission has shown its share."""
        self._shown += len(json.dumps(outputs))
        if self._shown <= self.budget.outputs:
            return outputs
        return [
            _stream(f"left out: all outputs together hold over {self.budget.outputs:,} bytes\n")
        ]

    def _left(self, end: float) -> float:
        left = min(end, self._end) - time.monotonic()
        if left <= 0:
            raise TimedOut(0, alive=True)
        return left

    def _lose(self, lost: KernelLost) -> None:
        if not (isinstance(lost, TimedOut) and lost.alive):
            self.close()


def verdict_of(lost: KernelLost) -> Verdict:
    """Return the verdict on a check that lost the kernel."""
    if isinstance(lost, TimedOut):
        return Verdict.TIMED_OUT
    if isinstance(lost, Forged):
        return Verdict.TAMPERED
    return Verdict.ERROR if isinstance(lost, Flooded) else Verdict.DIED


def verdict_of_error(kind: str, message: str) -> Verdict:
    """Return the verdict on an exception of class ``kind`` that says ``message``."""
    if kind == "RuntimeError" and "can't allocate memory" in message:  # so says torch
        return Verdict.OUT_OF_MEMORY
    special = {"MemoryError": Verdict.OUT_OF_MEMORY, "NotImplementedError": Verdict.NOT_RUN}
    return special.get(kind, Verdict.ERROR)


def _stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _error(content: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "error"} | content


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    data = content["data"]
    if not is_png(data.get("image/png", "")):
        data.pop("image/png", None)  # formgrader would show whatever it is
    return {"output_type": "display_data", "data": data, "metadata": {}}


# What is kept of what a cell publishes, as an output of a notebook.
OUTPUTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "stream": lambda content: {"output_type": "stream"} | content,
    "error": _error,
    "display_data": _shown,
    "execute_result": lambda content: (
        _shown(content) | {"output_type": "execute_result", "execution_count": None}
    ),
}
