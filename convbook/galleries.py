"""What a gallery shows: images in groups, made by `convbook.explain`, drawn by a widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

Kind = Literal["filters", "activations", "frames"]
Scale = Literal["group", "image"]


@dataclass(frozen=True, eq=False)
class GalleryImage:
    """One image of a gallery.

    Args:
        pixels: shape ``(H, W)``, signed numbers; or ``(H, W, 3)``, colours from 0 to 1.
        label: its name; numbered by its place in the group if empty.
        note: what else is known of it, such as ``"mean activation 3.1"``.
    """

    pixels: ArrayLike
    label: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class GalleryGroup:
    """Images that belong together, such as the filters of a layer.

    Args:
        title: its name, different from that of other groups.
        kind: ``"filters"``, ``"activations"``, or ``"frames"`` (an image as it changes over steps).
        images: `GalleryImage` or bare arrays; an array of shape ``(N, H, W)`` is N images.
    """

    title: str
    kind: Kind
    images: Sequence[GalleryImage | Mapping[str, Any] | ArrayLike] | np.ndarray[Any, Any]
