"""Showing where a network looks: a map of the image's shape, laid over the image."""

from __future__ import annotations

import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from torch import Tensor

from convbook.explain.walls import as_picture, range_text
from convbook.plots import SIGNED
from convbook.tables import numeral

DARKEST = 0.5  # what is left of a colour where the image is black


def show_heat(figure: Figure, image: Tensor, heat: Tensor, title: str = "Heat map") -> None:
    """Draw an image, and beside it the map of where a network looks, shaded by the image.

    The map is orange where positive, grey at zero and blue where negative.

    Args:
        figure: where to draw; it is laid out anew.
        image: shape ``(1, H, W)`` or ``(3, H, W)``, from 0 to 1.
        heat: shape ``(H, W)``, such as one map of `saliency`, `grad_cam` or `occlusion`.
        title: what stands above.

    Raises:
        ValueError: the shapes are others.
    """
    if heat.shape != image.shape[1:]:
        raise ValueError(
            f"heat (shape {tuple(heat.shape)}) must be as high and wide as the image "
            f"(shape {tuple(image.shape)}): take one map, such as heat[0]"
        )
    values = heat.numpy(force=True)
    limit = float(np.abs(values).max()) or 1.0
    figure.clear()
    figure.set_layout_engine("constrained")
    figure.suptitle(title)
    left, right = figure.subplots(1, 2)
    scale = ScalarMappable(Normalize(-limit, limit), SIGNED)
    shade = DARKEST + (1 - DARKEST) * image.mean(0).numpy(force=True)
    left.imshow(as_picture(image), cmap="gray", vmin=0, vmax=1)
    right.imshow(scale.to_rgba(values)[..., :3] * shade[..., None])
    for axes, name in ((left, "image"), (right, range_text(heat))):
        axes.set_axis_off()
        axes.set_title(name)
    figure.colorbar(scale, ax=right, shrink=0.8)


def heat_alt_text(heat: Tensor, title: str = "Heat map") -> str:
    """Return what `show_heat` shows, in words: where the map is largest, and how far it spreads.

    >>> import torch
    >>> heat_alt_text(torch.tensor([[0.0, 0.0], [0.0, 2.0]]))
    'Heat map: from 0 to 2, largest at row 2, column 2; 25 % of the pixels are above half of that.'
    """
    row, column = divmod(int(heat.argmax()), heat.shape[1])
    share = (heat > heat.max() / 2).float().mean().item()
    return (
        f"{title}: {range_text(heat)}, largest at row {row + 1}, column {column + 1}; "
        f"{numeral(100 * share, 2)} % of the pixels are above half of that."
    )
