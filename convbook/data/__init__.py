"""The data sets of the course: `load` brings any of them in three splits."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from convbook.data import digits, mnist, patches, shapes
from convbook.data.dataset import Card, Dataset, Split, split_randomly
from convbook.data.disk import DiskError
from convbook.data.download import DownloadError
from convbook.data.storage import open_split, write_split

__all__ = [
    "NAMES",
    "OFFLINE",
    "Card",
    "Dataset",
    "DiskError",
    "DownloadError",
    "Split",
    "load",
    "open_split",
    "split_randomly",
    "write_split",
]

_LOADERS: dict[str, Callable[..., Dataset]] = {
    "digits": digits.load,
    "shapes": shapes.load,
    "patches": patches.load,
    "mnist": mnist.load,
    "fashion_mnist": mnist.load_fashion,
    "mnist_10k": mnist.load_10k,
}
NAMES = tuple(_LOADERS)
OFFLINE = ("digits", "shapes", "patches")


def load(name: str, **options: Any) -> Dataset:
    """Return a data set; the same arguments always give the same splits.

    Args:
        name: one of `NAMES`.
        options: what the set's own function takes, such as ``size`` and ``seed``.

    Raises:
        ValueError: there is no such data set or option, or an option is out of its range.

    >>> load("digits", size=8).image_shape
    (1, 8, 8)
    """
    if name not in _LOADERS:
        raise ValueError(f"name (={name!r}) must be one of {', '.join(NAMES)}")
    known = signature(_LOADERS[name]).parameters
    for option in options:
        if option not in known:
            raise ValueError(f"{name} has no option {option!r}: it takes {', '.join(known)}")
    return _LOADERS[name](**options)
