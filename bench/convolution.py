"""The same convolution in six ways: how much longer than PyTorch each takes, and that they agree.

The ways take turns in one process, in float64, on random numbers, with one core each.

    python bench/convolution.py
"""

from __future__ import annotations

import os
from typing import NamedTuple

os.environ["OMP_NUM_THREADS"] = "1"  # read when NumPy and PyTorch are imported

import numpy as np
from rich.console import Console
from rich.table import Table

from convbook.arithmetic.convolution_ways import WAYS, Timing, timings
from convbook.tables import numeral

RIVAL = "PyTorch"
REPEATS = 10
ROUNDING = 1e-12
UNROLLED = tuple(name for name in WAYS if name != "Toeplitz")


class Case(NamedTuple):
    """One layer: its image, its kernels, and the ways that can do it in reasonable memory."""

    image: tuple[int, int, int]
    kernels: tuple[int, int, int, int]
    stride: int = 1
    ways: tuple[str, ...] = UNROLLED

    def __str__(self) -> str:
        """Return its sizes: image, kernels, stride."""
        count, _, *kernel_size = self.kernels
        image, kernels = "×".join(map(str, self.image)), "×".join(map(str, (count, *kernel_size)))
        return f"{image}  {kernels}  {self.stride}"


CASES = (
    Case((1, 28, 28), (8, 1, 3, 3), ways=tuple(WAYS)),
    Case((3, 32, 32), (6, 3, 5, 5), ways=tuple(WAYS)),
    Case((32, 28, 28), (64, 32, 3, 3)),
    Case((3, 227, 227), (8, 3, 11, 11), stride=4),  # AlexNet's first layer has 96 of these
    Case((1, 256, 256), (1, 1, 31, 31)),
)


def main() -> None:
    """Measure and print."""
    table = Table(title=f"time of one convolution as a multiple of {RIVAL}'s, best of {REPEATS}")
    table.add_column("C×H×W  O×K×L  stride", no_wrap=True)
    for name in WAYS:
        table.add_column(name, justify="right")
    worst = 0.0
    for case in CASES:
        found = measured(case)
        worst = max(worst, *(timing.difference for timing in found.values()))
        table.add_row(str(case), *(ratio(found, way) for way in WAYS))
    Console().print(table)
    print("– the matrix would be too large")
    print(f"all agree: the largest difference is {worst:.1e} of the largest output")


def measured(case: Case) -> dict[str, Timing]:
    """Return the timings of one case.

    Raises:
        ArithmeticError: two ways differ by more than rounding.
    """
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=case.image), rng.normal(size=case.kernels)
    found = timings(x, w, case.stride, ways=case.ways, repeats=REPEATS)
    for way, timing in found.items():
        if timing.difference > ROUNDING:
            raise ArithmeticError(f"{way} differs from the loop by {timing.difference:.1e}")
    return found


def ratio(found: dict[str, Timing], way: str) -> str:
    """Return how many times the rival's seconds a way takes, as text."""
    if way not in found:
        return "–"
    times = found[way].seconds / found[RIVAL].seconds
    return numeral(round(times) if times >= 10 else times, 2)


if __name__ == "__main__":
    main()
