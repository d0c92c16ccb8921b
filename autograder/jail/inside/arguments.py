"""Reads what only arguments may be: generators to make here, and things that stay here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from protocol import BOUNDS, Decoder, ProtocolError, Tree

Find = Callable[[Sequence[str | int]], Any]


class ArgumentDecoder(Decoder):
    """A decoder that also knows the tags ``rng`` and ``there``."""

    def __init__(self, buffers: Sequence[bytes | memoryview], find: Find):
        """Take the bytes of the arrays; ``find`` returns what a path leads to."""
        super().__init__(buffers, BOUNDS)
        self.find = find

    def read(self, tree: object) -> Any:
        """Return the value of ``tree``."""
        return self.value(tree, BOUNDS.depth)

    def _read_rng(self, tree: Tree, depth: int) -> Any:
        """Return a generator of NumPy or torch, seeded."""
        (_, library, seed) = tree
        if library == "numpy":
            return np.random.default_rng(int(seed))
        torch = sys.modules.get("torch")
        if library != "torch" or torch is None:
            raise ProtocolError(f"there is no {library} to make a generator with")
        return torch.Generator().manual_seed(int(seed))

    def _read_there(self, tree: Tree, depth: int) -> Any:
        """Return something that never crossed: a function, an object."""
        (_, path) = tree
        return self.find(path)

    READERS: ClassVar[Mapping[str, Callable[[Any, Tree, int], Any]]] = {
        **Decoder.READERS,
        "rng": _read_rng,
        "there": _read_there,
    }
