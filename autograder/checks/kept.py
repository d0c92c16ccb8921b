"""What is said where a function changed what it was given."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checks.checking import Hint, Mismatch

NAME = "argument-changed"


def argument_changed(names: Sequence[str | int]) -> Mismatch:
    """Return what a student is told who changed these arguments: names, else numbers from 0.

    Example:
        >>> argument_changed(["image"]).reason
        'it changed its argument `image`'
        >>> argument_changed(["image", 1]).reason
        'it changed its arguments `image` and number 2'
    """
    shown = " and ".join(f"number {n + 1}" if isinstance(n, int) else f"`{n}`" for n in names)
    arguments = f"argument {shown}" if len(names) == 1 else f"arguments {shown}"
    hint = Hint(
        NAME,
        f"You changed the {arguments}: whoever calls you still needs what is in there. Work on a "
        "copy, such as `a.copy()`, and mind what works in place: `+=`, `a[…] = …`, `sort`, `pop`, "
        "`out=`.",
    )
    return Mismatch(f"it changed its {arguments}", hint=hint)
