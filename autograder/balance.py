"""The end of a run: everybody who handed in was graded, is our fault, or was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.intake.collect import Collected
from autograder.run import Graded

NAMES = 12  # students named in one line


@dataclass(frozen=True)
class Balance:
    """Who handed in, and what came of it.

    ``faults`` are the students by what went wrong on our side; ``missing`` are those of whom
    nobody knows what came, which must not happen. ``reason`` is that of the first refusal.
    """

    handed_in: int
    graded: int
    faults: dict[str, tuple[str, ...]]
    refused: tuple[str, ...]
    missing: tuple[str, ...]
    reason: str = ""

    @classmethod
    def of(cls, collected: Collected, graded: Sequence[Graded]) -> Balance:
        """Return the balance of a run over ``collected`` that ended with ``graded``."""
        received = {item.student for item in collected.received}
        refused = tuple(item.who for item in collected.refused)
        faults: dict[str, list[str]] = {}
        for one in graded:
            if one.report is None:
                faults.setdefault(one.fault, []).append(one.student)
        return cls(
            handed_in=len(received) + len(refused),
            graded=sum(one.report is not None for one in graded),
            faults={fault: tuple(students) for fault, students in faults.items()},
            refused=refused,
            missing=tuple(sorted(received - {one.student for one in graded})),
            reason=next((str(item.line) for item in collected.refused), ""),
        )

    def lines(self, seed: int) -> list[str]:
        """Return what an instructor reads of it; a fault that many share is told once."""
        ours = sum(map(len, self.faults.values()))
        sides = f"{self.graded} graded + {ours} our fault + {len(self.refused)} refused"
        said = [f"{self.handed_in} handed in = {sides}"]
        if self.refused:
            said.append(f"refused, as said above: {_names(self.refused)}")
        for fault, students in self.faults.items():
            said.append(f"our fault, {_names(students)}: {fault}")
        if self.faults:
            said.append(f"they stay queued: grade them again with --resume --seed {seed}")
        if not self.graded:
            only_refused = self.reason and not self.faults
            why = f"the first of the refused is {self.reason}" if only_refused else "see above"
            said.append(f"nobody was graded: {why}")
        if self.missing:
            said.append(f"does not balance; nobody knows of {', '.join(self.missing)}")
        return said


def _names(students: Sequence[str]) -> str:
    more = len(students) - NAMES
    return ", ".join(students[:NAMES]) + (f" and {more} more" if more > 0 else "")
