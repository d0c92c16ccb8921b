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
