"""The rules that a gallery's groups of images follow, and how they are packed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from traitlets import TraitError

from convbook.galleries import GalleryGroup, GalleryImage, Kind
from convbook.widgets.filter_gallery.packing import pack, unpack

MOST_GROUPS = 64
MOST_IMAGES = 256
MOST_VALUES = 2_000_000
LONGEST = 120
NOUNS = {"filters": "filter", "activations": "map", "frames": "frame"}


def pack_groups(groups: Iterable[GalleryGroup | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return ``groups`` as JSON-ready dicts with packed images.

    Raises:
        TraitError: a group, an image or their number breaks a rule.

    >>> import numpy as np
    >>> pack_groups([GalleryGroup("conv1", "filters", np.ones((2, 1, 1)))])[0]["images"][1]["label"]
    'filter 2'
    """
    given = [groups] if isinstance(groups, GalleryGroup | Mapping) else list(groups)
    if not 1 <= len(given) <= MOST_GROUPS:
        raise TraitError(
            f"groups holds {len(given)}, but a gallery needs from 1 to {MOST_GROUPS}: "
            "add one, or make a second gallery"
        )
    packed = [_group(number, group) for number, group in enumerate(given, 1)]
    _require_distinct([group["title"] for group in packed])
    values = sum(
        image["height"] * image["width"] * image["channels"]
        for group in packed
        for image in group["images"]
    )
    if values > MOST_VALUES:
        raise TraitError(
            f"groups hold {values} values, but a page carries {MOST_VALUES} at most: "
            "show fewer images, or sample them more coarsely"
        )
    return packed


def _require_distinct(titles: list[str]) -> None:
    for number, title in enumerate(titles):
        first = titles.index(title)
        if first < number:
            raise TraitError(
                f"groups {first + 1} and {number + 1} have the same title (={title!r}), but each "
                "must differ: rename one"
            )


def _group(number: int, group: GalleryGroup | Mapping[str, Any]) -> dict[str, Any]:
    given = vars(group) if isinstance(group, GalleryGroup) else group
    if not isinstance(given, Mapping) or set(given) != {"title", "kind", "images"}:
        raise TraitError(
            f"group {number} must be a GalleryGroup or a dict of title, kind and images, "
            f"not {type(group).__name__}"
        )
    title, kind = _text(f"title of group {number}", given["title"], least=1), given["kind"]
    if kind not in get_args(Kind):
        raise TraitError(
            f"kind of group {title!r} (={kind!r}) must be one of {', '.join(get_args(Kind))}"
        )
    images = list(given["images"])
    if not 1 <= len(images) <= MOST_IMAGES:
        raise TraitError(
            f"group {title!r} holds {len(images)} images, but it needs from 1 to {MOST_IMAGES}: "
            "choose some, or spread them over several groups"
        )
    return {
        "title": title,
        "kind": kind,
        "images": [_image(title, kind, place, image) for place, image in enumerate(images, 1)],
    }


def _image(title: str, kind: Kind, place: int, image: Any) -> dict[str, Any]:
    name = f"image {place} of group {title!r}"
    if isinstance(image, GalleryImage):
        image = vars(image)
    if not isinstance(image, Mapping):
        image = {"pixels": image}
    if "pixels" in image and set(image) <= {"pixels", "label", "note"}:
        pixels = image["pixels"]
    elif "data" in image:
        pixels = unpack(image)  # packed before: packs to the same bytes again
    else:
        raise TraitError(f"{name} has {', '.join(image)}, but it must have pixels, label and note")
    label = _text(f"label of {name}", image.get("label", "")) or f"{NOUNS[kind]} {place}"
    return {
        "label": label,
        "note": _text(f"note of {name}", image.get("note", "")),
        **pack(pixels, name),
    }


def _text(name: str, value: object, least: int = 0) -> str:
    if not isinstance(value, str) or not least <= len(value.strip()) <= LONGEST:
        raise TraitError(
            f"{name} (={value!r}) must be text of {least} to {LONGEST} characters: shorten or "
            "write it"
        )
    return value.strip()
