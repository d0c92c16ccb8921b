"""One axis of a tensor: which cells of the network's input each of its indices depends on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import gcd, lcm

Span = tuple[int, int]
Reads = Callable[[int], Iterable[int]]

LONGEST = 5000  # indices of a period; far above what a network of the course comes to


@dataclass(frozen=True)
class Axis:
    """The cells that each index sees, which repeat after a period, so many cells further.

    Cells past the border, in padding, are counted on: the first one before the input is −1.

    Args:
        spans: the first and the last cell of the indices from 0 up to the period; None where an
            index depends on nothing.
        advance: cells from an index to the one a period later.

    >>> Axis(((0, 2),), advance=2).span(3)
    (6, 8)
    """

    spans: tuple[Span | None, ...] = ((0, 0),)
    advance: int = 1

    @property
    def size(self) -> int:
        """Cells from the first to the last that one index sees, at most."""
        return max((last - first + 1 for first, last in filter(None, self.spans)), default=0)

    def span(self, index: int) -> Span | None:
        """Return the first and the last cell that ``index`` sees."""
        periods, place = divmod(index, len(self.spans))
        span = self.spans[place]
        step = periods * self.advance
        return span and (span[0] + step, span[1] + step)


def read_by(axis: Axis, period: int, indices: int, reads: Reads) -> Axis | None:
    """Return the axis of a tensor whose every index reads some indices of ``axis``.

    Args:
        axis: of the tensor that is read.
        period: after so many indices of the new tensor it reads the same again,
        indices: so many indices of the old one further, a whole number of its periods.
        reads: the indices of the old tensor that an index of the new one reads.

    Returns:
        None where the period would be very long.
    """
    if period > LONGEST:
        return None
    spans = tuple(joined(axis.span(index) for index in reads(place)) for place in range(period))
    return Axis(spans, indices // len(axis.spans) * axis.advance)


def windowed(
    axis: Axis, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Axis | None:
    """Return the axis after a convolution or a pooling.

    >>> windowed(windowed(Axis(), 3, stride=2), 3).size
    7
    """
    period = len(axis.spans) // gcd(len(axis.spans), stride)

    def reads(place: int) -> Iterable[int]:
        start = place * stride - padding
        return range(start, start + dilation * (kernel_size - 1) + 1, dilation)

    return read_by(axis, period, period * stride, reads)


def transposed(
    axis: Axis, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Axis | None:
    """Return the axis after a transposed convolution: index o takes i where o = i·s − p + j·d.

    >>> [transposed(Axis(), 3, stride=2).span(place) for place in (2, 3)]
    [(0, 1), (1, 1)]
    """

    def reads(place: int) -> Iterable[int]:
        starts = (place + padding - tap * dilation for tap in range(kernel_size))
        return [start // stride for start in starts if start % stride == 0]

    return read_by(axis, len(axis.spans) * stride, len(axis.spans), reads)


def repeated(axis: Axis, times: int) -> Axis | None:
    """Return the axis in which each index stands ``times`` times, as after a pixel shuffle."""
    period = len(axis.spans) * times
    return read_by(axis, period, len(axis.spans), lambda place: [place // times])


def sliced(axis: Axis, start: int, step: int = 1) -> Axis | None:
    """Return the axis from index ``start`` on, every ``step``-th index; padding starts below 0."""
    period = len(axis.spans) // gcd(len(axis.spans), step)
    return read_by(axis, period, period * step, lambda place: [start + place * step])


def resized(axis: Axis, before: int, after: int, reads: Reads) -> Axis | None:
    """Return the axis after ``before`` indices became ``after``, by no whole step."""
    if after > LONGEST:
        return None
    spans = tuple(joined(axis.span(index) for index in reads(place)) for place in range(after))
    return Axis(spans, -(-before * axis.advance // len(axis.spans)))


def adaptive(axis: Axis, before: int, after: int) -> Axis | None:
    """Return the axis after an adaptive pooling: output i reads from ⌊i·n/m⌋ to ⌈(i+1)·n/m⌉."""

    def reads(place: int) -> Iterable[int]:
        return range(place * before // after, -(-(place + 1) * before // after))

    return resized(axis, before, after, reads)


def merged(axes: Sequence[Axis]) -> Axis | None:
    """Return the axis of a tensor that depends on several, index by index.

    Returns:
        None where they do not advance alike, so that no index stands for the same place in both.
    """
    period = lcm(*(len(axis.spans) for axis in axes))
    advances = {period // len(axis.spans) * axis.advance for axis in axes}
    if period > LONGEST or len(advances) > 1:
        return None
    spans = tuple(joined(axis.span(place) for axis in axes) for place in range(period))
    return Axis(spans, advances.pop())


def joined(spans: Iterable[Span | None]) -> Span | None:
    """Return the span from the first to the last cell of several; None where there is no cell."""
    known = [span for span in spans if span]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None
