"""Sizes: how many positions a kernel has over an input."""

from __future__ import annotations


def output_size(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many outputs one dimension of a convolution has.

    The formula is ``floor((n + 2p − d(k − 1) − 1) / s) + 1`` with padding ``p`` per side
    (Dumoulin and Visin, 2016, relationship 15; the same as PyTorch's ``Conv2d``).

    Args:
        n: input size in cells, at least 1.
        kernel_size: kernel size in cells, at least 1.
        stride: cells between two neighbouring positions, at least 1.
        padding: cells added on each side, at least 0.
        dilation: distance between two neighbouring kernel cells, at least 1.

    Returns:
        The number of positions, at least 1.

    Raises:
        ValueError: a value is out of its range, or the kernel fits nowhere.

    >>> output_size(28, kernel_size=5)
    24
    >>> output_size(16, kernel_size=3, stride=2)
    7
    """
    for name, value, least in (
        ("n", n, 1),
        ("kernel_size", kernel_size, 1),
        ("stride", stride, 1),
        ("padding", padding, 0),
        ("dilation", dilation, 1),
    ):
        if value < least:
            raise ValueError(f"{name} (={value}) must be at least {least}")
    reach = dilation * (kernel_size - 1) + 1
    padded = n + 2 * padding
    if reach > padded:
        raise ValueError(
            f"the kernel reaches over {reach} cells (kernel_size={kernel_size}, "
            f"dilation={dilation}) but the padded input has only {padded} (n={n}, "
            f"padding={padding}): use a smaller kernel, less dilation or more padding"
        )
    return (padded - reach) // stride + 1


def covered(
    n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> list[bool]:
    """Return which cells of one dimension some position of the kernel touches.

    Position ``i`` touches the cells ``s·i + d·m − p`` for ``m = 0 … k − 1``. A cell that none
    touches never reaches the output: it lies behind the last position, or in a gap that the
    stride or the dilation leaves. In two dimensions a cell is covered where both its row and its
    column are: the outer product.

    Arguments and errors are those of `output_size`.

    Returns:
        One truth value per input cell, ``n`` in all; padding cells are not among them.

    >>> covered(6, kernel_size=3, stride=2)
    [True, True, True, True, True, False]
    >>> covered(5, kernel_size=1, stride=2)
    [True, False, True, False, True]
    """
    positions = output_size(n, kernel_size, stride, padding, dilation)
    touched = {
        stride * position + dilation * cell - padding
        for position in range(positions)
        for cell in range(kernel_size)
    }
    return [cell in touched for cell in range(n)]


def leftover(n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return how many cells at the end of the padded input lie behind the last position.

    They are what the floor of `output_size` cuts off: ``(n + 2p − d(k − 1) − 1) mod s``. Up to
    ``padding`` of them, the last ones, are padding; only the others are lost cells of the input.

    Arguments and errors are those of `output_size`.

    Returns:
        From 0, where the kernel fits exactly, to ``stride − 1``.

    >>> leftover(16, kernel_size=3, stride=2)
    1
    >>> leftover(17, kernel_size=3, stride=2)
    0
    """
    positions = output_size(n, kernel_size, stride, padding, dilation)
    return n + 2 * padding - dilation * (kernel_size - 1) - 1 - stride * (positions - 1)


def same_padding(kernel_size: int, dilation: int = 1) -> int:
    """Return the padding per side with which the output is as large as the input, at stride 1.

    The kernel takes ``d(k − 1)`` cells off the size, and half of them come back on each side
    (Dumoulin and Visin, 2016, relationship 3, with dilation).

    Args:
        kernel_size: kernel size in cells, at least 1.
        dilation: distance between two neighbouring kernel cells, at least 1.

    Returns:
        Cells per side, at least 0.

    Raises:
        ValueError: a value is out of its range, or ``d(k − 1)`` is odd.

    >>> same_padding(5)
    2
    >>> same_padding(4, dilation=2)
    3
    """
    _require_at_least_1(kernel_size=kernel_size, dilation=dilation)
    shrinkage = dilation * (kernel_size - 1)
    if shrinkage % 2:
        raise ValueError(
            f"dilation·(kernel_size − 1) (={shrinkage}) must be even, since each side gets half "
            f"of it (kernel_size={kernel_size}, dilation={dilation}): "
            "use an odd kernel_size or an even dilation"
        )
    return shrinkage // 2


def _require_at_least_1(**values: int) -> None:
    for name, value in values.items():
        if value < 1:
            raise ValueError(f"{name} (={value}) must be at least 1")
