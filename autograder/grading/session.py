"""A submission at work: its cells run in a jailed kernel, it answers calls.

When the kernel is lost, the next use starts a new one and runs again what had run before, without
the cells that killed it, so checks that do not depend on them keep their credit.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from autograder.checks import Budget
from autograder.grading.report import Verdict
from autograder.jail.client import Dropped, Flooded, Forged, KernelClient, KernelLost, TimedOut
from autograder.jail.messages import Message
from autograder.jail.published import Output, Published, stream

Outputs = list[Output]
Changed = tuple[list[str | int], Callable[[], str]]  # which arguments, and what was asked


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
        cells: the code cells by key, in order.
        budget: how much it may use.
        tests: the keys of cells that are not the student's, such as visible tests: what they
            raise is shown, and is no failure of the notebook.
        files: what was handed in beside the notebook; each kernel finds copies of it.
        absent: why other files of the assignment are not among ``files``.
        handed_out: the code cells that are locked, as they were handed out, in order.
    """

    flavour: str
    cells: dict[str, str]
    budget: Budget = field(default_factory=Budget)
    tests: Collection[str] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    handed_out: Mapping[str, str] = field(default_factory=dict)
    outputs: dict[str, Outputs] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    dropped: Dropped = field(default_factory=Counter)
    asked: Callable[[], str] = str  # says what was asked last
    arguments_stay: bool = False  # whether the kernel compares the arguments after each call
    changed: Changed | None = None  # the first call of a check that changed its arguments
    _ran: list[str] = field(default_factory=list)
    _kernel: KernelClient | None = None
    _started: int = 0
    _kept: int = 0
    _shown: int = 0  # bytes of output so far
    seconds: float = 0.0  # that the last answer took, measured out here
    _waited: float = 0.0  # seconds
    _original: Session | None = None

    def __post_init__(self) -> None:
        """Start the clock of the submission."""
        self._end = self.now() + self.budget.submission

    def now(self) -> float:
        """Return the time on the clock of the submission, which stands still while it waits."""
        return time.monotonic() - self._waited

    def run_all(self) -> None:
        """Run every cell."""
        for key in self.cells:
            self.run(key)

    def run(self, key: str) -> None:
        """Run one more cell; what it does wrong is kept in `failures`."""
        try:
            kernel = self.kernel()
        except Unavailable as error:
            self._keep(key, [stream(f"not run: {error}\n")])
        else:
            self._run_cell(kernel, key)
        self._ran.append(key)

    def original(self, name: str) -> Session:
        """Return the notebook as it was handed out, run up to where it defines ``name``.

        It has a kernel of its own, in which nothing of the student's has ever run.
        """
        if self._original is None:
            self._original = Session(self.flavour, dict(self.handed_out), self.budget)
        defined = re.compile(rf"^(?:async +)?(?:def|class) +{re.escape(name)}\b", re.MULTILINE)
        for key, source in self._original.cells.items():
            if key not in self._original._ran:
                self._original.run(key)
            if defined.search(source):
                break
        return self._original

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Have the notebook stand still, threads of it too, and its clock as well."""
        began = time.monotonic()
        try:
            with self._kernel.stopped() if self._kernel else nullcontext():
                yield
        finally:
            self._waited += time.monotonic() - began

    def close(self) -> None:
        """End the kernel."""
        if self._original:
            self._original.close()
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
        began = time.perf_counter()
        try:
            reply = kernel.call(parts, buffers, self._left(end))
            self.seconds = time.perf_counter() - began
            return reply
        except KernelLost as lost:
            self._lose(lost)
            raise

    def file(self, name: str) -> bytes:
        """Return a file as it was handed in, whatever the notebook does to its copy.

        Raises:
            Unavailable: it was not handed in, or cannot be used.
            LookupError: the assignment takes no such file.
        """
        if name in self.absent:
            raise Unavailable(Verdict.NOT_RUN, self.absent[name])
        if name not in self.files:
            raise LookupError(f"name (={name!r}) must be one of the assignment's FILES: add it")
        return self.files[name]

    def new_number(self) -> int:
        """Return a number under which the kernel has kept nothing yet."""
        self._kept += 1
        return self._kept

    def kernel(self) -> KernelClient:
        """Return a kernel in which every cell so far has run; start one where there is none.

        Raises:
            Unavailable: the submission has used up its restarts.
        """
        while self._kernel is None:
            if self._started > self.budget.restarts:
                raise Unavailable(Verdict.DIED, "the notebook ended its kernel too often")
            self._started += 1
            self._kernel = KernelClient(self.flavour, self.budget.limits, self.files)
            self._replay()
        return self._kernel

    def _replay(self) -> None:
        for key in self._ran:
            if key not in self.excluded and self._kernel:
                self._run_cell(self._kernel, key)

    def _run_cell(self, kernel: KernelClient, key: str) -> None:
        published = Published(self.budget.output)
        try:
            self._execute(kernel, key, published)
        except KernelLost as lost:
            self.excluded.add(key)
            self._fail(key, Failure(verdict_of(lost), f"the cell was stopped: {lost}"))
            published.outputs.append(stream(f"stopped: {lost}\n"))
            self._lose(lost)
        else:
            if published.error:
                kind, message = published.error["ename"], published.error["evalue"]
                verdict = verdict_of_error(kind, message)
                self._fail(key, Failure(verdict, f"{kind}: {message}"[:500]))
        self._keep(key, published.all())

    def _execute(self, kernel: KernelClient, key: str, published: Published) -> None:
        seconds = self.budget.check if key in self.tests else self.budget.cell
        try:
            kernel.run(self.cells[key], self._left(self.now() + seconds), published.take)
        finally:
            self.dropped += kernel.dropped
            kernel.dropped.clear()

    def _fail(self, key: str, failure: Failure) -> None:
        if key not in self.tests:
            self.failures[key] = failure

    def _keep(self, key: str, outputs: Outputs) -> None:
        """Keep ``outputs``, or a word in their place once a submission has shown its share."""
        if key in self.outputs:  # a cell that runs again shows nothing new
            return
        self._shown += len(json.dumps(outputs))
        if self._shown > self.budget.outputs:
            most = f"{self.budget.outputs:,}"
            outputs = [stream(f"left out: all outputs together hold over {most} bytes\n")]
        self.outputs[key] = outputs

    def _left(self, end: float) -> float:
        left = min(end, self._end) - self.now()
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
