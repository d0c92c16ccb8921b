"""The real test images of MNIST, which are no part of the project: tests of them are marked so.

Where they are not, `tests/conftest.py` leaves those tests out.
"""

import os
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared" / "data" / "mnist"
REAL_MNIST = Path(os.environ.get("CONVBOOK_DATA", SHARED))

HAS_MNIST = any(REAL_MNIST.glob("t10k-images-idx3-ubyte*"))
