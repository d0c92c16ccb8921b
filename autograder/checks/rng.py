"""A random generator as an argument."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.jail.inside.protocol import Argument, Tree


@dataclass(frozen=True)
class Rng(Argument):
    """A random generator that is made where the student's code runs, from a seed.

    Args:
        seed: at least 0.
        library: ``"numpy"`` for ``np.random.default_rng(seed)``, ``"torch"`` for a
            ``torch.Generator`` on the CPU.
    """

    seed: int
    library: str = "numpy"

    def _tree(self) -> Tree:
        return ["rng", self.library, str(self.seed)]

    def __repr__(self) -> str:
        """Return the code that makes it."""
        if self.library == "torch":
            return f"torch.Generator().manual_seed({self.seed})"
        return f"np.random.default_rng({self.seed})"
