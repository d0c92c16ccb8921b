"""The table's numbers as people read them: the same texts as words.js."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

UNITS = {10**12: "T", 10**9: "G", 10**6: "M"}
BYTES = {1024: "KiB", 1024**2: "MiB", 1024**3: "GiB", 1024**4: "TiB"}


def in_millions(value: int) -> str:
    """Return a large number in millions, billions or trillions; empty below a million.

    >>> in_millions(1_849_688_064)
    '1.85 G'
    """
    for size, unit in UNITS.items():
        if value >= size:
            return f"{floor(value / size * 100 + 0.5) / 100:.2f} {unit}"
    return ""


def bytes_text(value: int) -> str:
    """Return a number of bytes in the unit that keeps it short.

    >>> bytes_text(86_528)
    '84.5 KiB'
    """
    for size, unit in reversed(BYTES.items()):
        if value >= size:
            return f"{floor(value / size * 10 + 0.5) / 10:,.1f} {unit}"
    return f"{value} B"


def share_text(part: int, total: int) -> str:
    """Return a part of a total in per cent.

    >>> share_text(36_928, 93_322), share_text(0, 0), share_text(1, 10**6)
    ('39.6 %', '0 %', '< 0.1 %')
    """
    if part == 0:
        return "0 %"
    tenths = floor(part / total * 1000 + 0.5)
    return f"{tenths / 10:.1f} %" if tenths else "< 0.1 %"


def shape_text(shape: Iterable[int]) -> str:
    """Return sizes with a times sign between them.

    >>> shape_text((64, 13, 13))
    '64×13×13'
    """
    return "×".join(f"{size:,}" for size in shape)


def field_text(field: tuple[int, int] | None) -> str:
    """Return a receptive field's rows and columns, or that it is all.

    >>> field_text((18, 18)), field_text(None)
    ('18×18', 'all')
    """
    return "all" if field is None else shape_text(field)
