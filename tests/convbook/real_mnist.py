"""The real test images of MNIST, where this machine has them."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data" / "mnist"
REAL_MNIST = Path(os.environ.get("CONVBOOK_DATA", SHARED))

needs_mnist = pytest.mark.skipif(
    not any(REAL_MNIST.glob("t10k-images-idx3-ubyte*")),
    reason=f"the test images of MNIST are not in {REAL_MNIST}: set CONVBOOK_DATA to their folder",
)
