"""How much one submission may use."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from autograder.jail.bubblewrap import LIMITS, Limits


@dataclass(frozen=True)
class Budget:
    """What a submission may use; the checks of an assignment may give it more than usual.

    Args:
        cell: seconds for a cell.
        check: seconds for a check.
        submission: seconds for all of it.
        memory: bytes of address space; the libraries take a part of it.
        output: bytes that are kept of what a cell shows.
        outputs: bytes that are kept of what all cells show.
        restarts: how often the kernel is started again after it was lost.
    """

    cell: float = 20.0
    check: float = 5.0
    submission: float = 90.0
    memory: int = LIMITS.memory
    output: int = 2**20
    outputs: int = 2**23
    restarts: int = 12

    @property
    def limits(self) -> Limits:
        """What the system holds the kernel to."""
        seconds = math.ceil(self.submission) if math.isfinite(self.submission) else 0
        cpu_seconds = max(LIMITS.cpu_seconds, seconds)
        return replace(LIMITS, memory=self.memory, cpu_seconds=cpu_seconds)
