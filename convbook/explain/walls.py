"""Walls of small pictures: filters, feature maps, and images made step by step."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from torch import Tensor

from convbook.galleries import Scale
from convbook.plots import show_signed
from convbook.tables import numeral

COLUMNS = 8


def show_signed_wall(
    figure: Figure, maps: Tensor, title: str, names: Sequence[str], scale: Scale = "group"
) -> None:
    """Draw maps in rows, blue below zero, grey at zero and orange above.

    Args:
        figure: where to draw; it is laid out anew.
        maps: shape ``(N, H, W)``.
        title: what stands above the wall.
        names: one for each map.
        scale: whether the colours end at the largest magnitude of the ``"group"``, with a colour
            bar, or of each ``"image"``.
    """
    values = maps.numpy(force=True)
    axes = _grid(figure, len(values), title)
    limit = float(np.abs(values).max()) if scale == "group" else None
    for one, value, name in zip(axes, values, names, strict=False):
        image = show_signed(one, value, limit)
        one.set_title(name, fontsize="small")
    if scale == "group":
        figure.colorbar(image, ax=list(axes), shrink=0.6)


def show_picture_wall(figure: Figure, pictures: Tensor, title: str, names: Sequence[str]) -> None:
    """Draw pictures in rows.

    Args:
        figure: where to draw; it is laid out anew.
        pictures: shape ``(N, 1, H, W)`` or ``(N, 3, H, W)``, from 0 to 1.
        title: what stands above the wall.
        names: one for each picture.
    """
    for one, picture, name in zip(
        _grid(figure, len(pictures), title), pictures, names, strict=False
    ):
        one.imshow(as_picture(picture), cmap="gray", vmin=0, vmax=1)
        one.set_title(name, fontsize="small")


def as_picture(image: Tensor) -> NDArray[np.float64]:
    """Return a grey or colour image as plots and galleries take it.

    Args:
        image: shape ``(1, H, W)`` or ``(3, H, W)``.

    Returns:
        Shape ``(H, W)`` or ``(H, W, 3)``, float64.

    Raises:
        ValueError: there are other than 1 or 3 channels.

    >>> import torch
    >>> as_picture(torch.zeros(3, 4, 5)).shape
    (4, 5, 3)
    """
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise ValueError(
            f"a picture of shape {tuple(image.shape)} must be (1, H, W) or (3, H, W): "
            "take one channel, such as image[:1]"
        )
    values: NDArray[np.float64] = image.numpy(force=True).astype(np.float64)
    return values[0] if len(values) == 1 else np.moveaxis(values, 0, 2)


def range_text(values: Tensor) -> str:
    """Return the least and the largest value in words.

    >>> import torch
    >>> range_text(torch.tensor([-1.0, 0.25]))
    'from −1 to 0.25'
    """
    return f"from {numeral(values.min().item(), 2)} to {numeral(values.max().item(), 2)}"


def _grid(figure: Figure, count: int, title: str) -> NDArray[np.object_]:
    if count == 0:
        raise ValueError("there is nothing to draw: pass at least one picture")
    figure.clear()
    figure.set_layout_engine("constrained")
    figure.suptitle(title)
    columns = min(count, COLUMNS)
    axes = figure.subplots(math.ceil(count / columns), columns, squeeze=False)
    for one in axes.flat:
        one.set_axis_off()
    flat: NDArray[np.object_] = axes.ravel()
    return flat
