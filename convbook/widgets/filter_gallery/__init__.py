"""The filter gallery: browse learned filters, activations, and images made step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import numpy as np
import traitlets
from numpy.typing import NDArray

from convbook.galleries import GalleryGroup, GalleryImage, Scale
from convbook.widgets.base import CourseWidget
from convbook.widgets.filter_gallery.groups import pack_groups
from convbook.widgets.filter_gallery.packing import unpack
from convbook.widgets.filter_gallery.picture import gallery_picture
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import KeptList, whole_number
from convbook.wording import amount

__all__ = ["FilterGallery", "GalleryGroup", "GalleryImage"]


class FilterGallery(CourseWidget):
    """Walls of small images, one of which is seen large, cell by cell.

    Images of shape ``(H, W)`` are coloured blue, grey and orange around zero; those of shape
    ``(H, W, 3)`` are colours from 0 to 1. A page carries them rounded to a byte a value.

    Args:
        groups: `GalleryGroup`, or dicts with ``title``, ``kind`` and ``images``; from 1 to 64
            groups of 1 to 256 images of at most 256 cells a side, 2,000,000 values in all.
        group: the group shown, from 0.
        image: the image of it that is seen large, from 0.
        scale: whether a colour scale ends at the largest magnitude of the ``"group"``, so that
            images can be compared, or of each ``"image"``, so that weak ones can be seen.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> filters = np.array([[[-1.0, 1.0]], [[0.0, 2.0]]])
    >>> gallery = FilterGallery([GalleryGroup("conv1", "filters", filters)], image=1)
    >>> gallery.chosen_image.tolist()
    [[0.0, 2.0]]
    """

    _esm = join_modules("filter_gallery/widget.js")
    _css = join_styles("shared/widgets.css", "filter_gallery/style.css")

    groups = KeptList().tag(sync=True)
    group = whole_number(0, least=0, most=63)
    image = whole_number(0, least=0, most=255)
    scale = traitlets.Enum[Scale](get_args(Scale), "group").tag(sync=True)

    def __init__(
        self,
        groups: Iterable[GalleryGroup | Mapping[str, Any]],
        *,
        group: int = 0,
        image: int = 0,
        scale: Scale = "group",
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        packed = pack_groups(groups)
        super().__init__(groups=packed, group=group, image=image, scale=scale, **kwargs)

    @property
    def chosen_group(self) -> dict[str, Any]:
        """The group shown: its title, its kind and its packed images."""
        chosen: dict[str, Any] = self.groups[self.group]
        return chosen

    @property
    def chosen_image(self) -> NDArray[np.float64]:
        """The image seen large, as rounded for the page: ``(H, W)``, or ``(H, W, 3)`` colours."""
        return unpack(self.chosen_group["images"][self.image])

    def picture(self) -> str:
        """Return the first images of the chosen group as one SVG element."""
        return gallery_picture(self)

    def __repr__(self) -> str:
        """Return what is held and what is chosen, in one line."""
        images = sum(len(group["images"]) for group in self.groups)
        chosen = self.chosen_group["images"][self.image]["label"]
        return (
            f"FilterGallery({amount(len(self.groups), 'group')}, {amount(images, 'image')}, "
            f"{self.chosen_group['title']!r}, {chosen!r})"
        )

    @traitlets.validate("groups")
    def _groups(self, proposal: Any) -> list[dict[str, Any]]:
        return pack_groups(proposal.value)

    @traitlets.validate("group", "image")
    def _inside(self, proposal: Any) -> int:
        name, value = proposal.trait.name, int(proposal.value)
        last = self._last()[name]
        if value > last:
            raise traitlets.TraitError(
                f"{name} (={value}) must be at most {last}, the last {name}: count from 0"
            )
        return value

    @traitlets.observe("groups", "group")
    def _keep_inside(self, _change: Any) -> None:
        self.group = min(self.group, self._last()["group"])
        self.image = min(self.image, self._last()["image"])

    def _last(self) -> dict[str, int]:
        group = min(self.group, len(self.groups) - 1)
        return {"group": len(self.groups) - 1, "image": len(self.groups[group]["images"]) - 1}
