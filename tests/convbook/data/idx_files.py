"""IDX files written from the format's description, not by the code under test."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx_bytes(array: NDArray) -> bytes:
    """0, 0, type, dimensions; then each length; then the numbers; all with the high byte first."""
    magic = bytes([0, 0, CODES[array.dtype.str[1:]], array.ndim])
    lengths = b"".join(length.to_bytes(4, "big") for length in array.shape)
    return magic + lengths + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write_idx(path: Path, array: NDArray) -> Path:
    """Write ``array``, gzipped where the name ends in ``.gz``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = idx_bytes(array)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_set(folder: Path, ending: str = ".gz", train: int = 30, test: int = 10) -> None:
    """Write the four files of MNIST; image i has i in its first cell and the label i % 10."""
    for part, count in (("train", train), ("t10k", test)):
        images = np.zeros((count, 4, 3), np.uint8)
        images[:, 0, 0] = np.arange(count)
        write_idx(folder / f"{part}-images-idx3-ubyte{ending}", images)
        write_idx(folder / f"{part}-labels-idx1-ubyte{ending}", images[:, 0, 0] % 10)
