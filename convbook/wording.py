"""Words that depend on a number."""

from __future__ import annotations


def amount(number: int, thing: str) -> str:
    """Return a number of things, in the singular for one.

    >>> amount(1, "channel"), amount(2048, "cell")
    ('1 channel', '2,048 cells')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
