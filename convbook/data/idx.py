"""Reading IDX files, the format of MNIST, and saying what is wrong with one that cannot be read.

A file starts with two zero bytes, a code for the type of its numbers, and how many dimensions
there are; then the length of each dimension as 32 bits, and the numbers, all of them big-endian
(LeCun, Cortes and Burges, 1998, "The MNIST database of handwritten digits").
"""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from convbook.data.dataset import WHITE

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
FIX = "get the file anew"


def read_labelled(images: Path, labels: Path, classes: int) -> tuple[Tensor, Tensor]:
    """Return the images of one file and the labels of another.

    Args:
        images: a file of unsigned bytes in three dimensions: images, rows, columns.
        labels: a file of unsigned bytes in one dimension.
        classes: every label must be below.

    Returns:
        Shape ``(N, 1, H, W)``, float32 in [0, 1], and shape ``(N,)``, int64.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is damaged, holds something else, or the two do not belong together.
    """
    pixels, numbers = _read_bytes(images, "images", 3), _read_bytes(labels, "labels", 1)
    if len(pixels) != len(numbers):
        raise ValueError(
            f"{images} holds {len(pixels):,} images, but {labels} holds {len(numbers):,} labels: "
            "take two files that belong together"
        )
    highest = int(numbers.max(initial=0))
    if highest >= classes:
        raise ValueError(
            f"{labels} holds the label {highest}, but {classes} classes have labels 0 to "
            f"{classes - 1}: {FIX}"
        )
    grey = torch.from_numpy(pixels.astype(np.float32)).div_(WHITE)[:, None]
    return grey, torch.from_numpy(numbers.astype(np.int64))


def read_idx(path: Path) -> NDArray[Any]:
    """Return the array of an IDX file, which is gzipped where its name ends in ``.gz``.

    Args:
        path: the file.

    Returns:
        The shape and type that the file names, in the byte order of the machine.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is not gzip though its name says so, is cut short, has no IDX
            header, or holds more or fewer bytes than its header says.
    """
    data = _content(path)
    code, dimensions = _magic(path, data)
    kind, start = np.dtype(TYPES[code]), 4 + 4 * dimensions
    if len(data) < start:
        raise ValueError(f"{path} ends after {len(data)} of {start} bytes of its header: {FIX}")
    shape = tuple(np.frombuffer(data, ">u4", dimensions, offset=4).tolist())
    expected, found = prod(shape) * kind.itemsize, len(data) - start
    if found != expected:
        raise ValueError(
            f"{path} holds {found:,} bytes after its header, but {expected:,} belong to "
            f"{' × '.join(map(str, shape))} numbers of {kind.itemsize} bytes: {FIX}"
        )
    numbers = np.frombuffer(data, kind, offset=start).reshape(shape)
    return numbers.astype(kind.newbyteorder("="))


def _read_bytes(path: Path, content: str, dimensions: int) -> NDArray[np.uint8]:
    array = read_idx(path)
    if array.dtype != np.uint8 or array.ndim != dimensions:
        raise ValueError(
            f"{path} holds {array.dtype} in {array.ndim} dimensions, but {content} are uint8 in "
            f"{dimensions}: take the file of the {content}"
        )
    return array


def _content(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} is missing: put the file there") from None
    if path.suffix != ".gz":
        return data
    try:
        return gzip.decompress(data)
    except EOFError:
        raise ValueError(
            f"{path} is gzip that breaks off after {len(data):,} bytes: {FIX}"
        ) from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(
            f"{path} is not sound gzip, though its name ends in .gz ({error}): {FIX}, or take "
            ".gz off the name if the file is unpacked"
        ) from None


def _magic(path: Path, data: bytes) -> tuple[int, int]:
    """Return the code of the type and the number of dimensions."""
    if not data:
        raise ValueError(f"{path} is empty: {FIX}")
    magic = data[:4]
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not magic[3]:
        raise ValueError(
            f"{path} begins with {magic.hex(' ')}, but an IDX file begins with 00 00, a type "
            f"({', '.join(f'{code:02x}' for code in TYPES)}) and its number of dimensions: {FIX}"
        )
    return magic[2], magic[3]
