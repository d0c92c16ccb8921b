"""Numbers as the course writes them, and tables of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from IPython.display import Markdown

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def numeral(value: float, digits: int = 3) -> str:
    """Return a number as the course prints it: whole numbers whole, the rest to few digits.

    Args:
        value: any real number.
        digits: significant digits of what is not whole.

    >>> [numeral(value) for value in (-36, 14400.0, 22.134, 5.329e-15)]
    ['−36', '14,400', '22.1', '5.33×10⁻¹⁵']
    """
    whole = float(value).is_integer() and abs(value) < 1e15
    mantissa, _, exponent = f"{value:{',.0f' if whole else f'.{digits}g'}}".partition("e")
    power = f"×10{str(int(exponent)).translate(SUPERSCRIPT)}" if exponent else ""
    return mantissa.replace("-", "−") + power


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Markdown:
    """Return a table a page can show.

    Args:
        header: one title per column.
        rows: one sequence of cells per row; each cell is shown as ``str`` writes it.

    >>> print(table(["kernel", "places"], [["box", 9]]).data)
    | kernel | places |
    | --- | --- |
    | box | 9 |
    """
    lines = [header, ["---"] * len(header), *rows]
    text = "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
    return Markdown(text)  # type: ignore[no-untyped-call]
