"""The stack of layers as a trait: checked, filled in, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from convbook.arithmetic.layer_kinds import KINDS, Layer, filled, pair, place, read_layer
from convbook.widgets.traits import Kept, limits_of

# The smallest and the largest that the page offers.
LIMITS = limits_of("receptive_field")
MOST_LAYERS = LIMITS["layers"]["most"]
# What is drawn: the kinds with a window, and of their fields those that make one.
WINDOWS = {
    kind: [name for name in fields if name in LIMITS]
    for kind, fields in KINDS.items()
    if "kernel_size" in fields
}
SMALL_NETWORK = [
    {"kind": "conv", "kernel_size": 3},
    {"kind": "max_pool", "kernel_size": 2},
    {"kind": "conv", "kernel_size": 3},
    {"kind": "max_pool", "kernel_size": 2},
    {"kind": "conv", "kernel_size": 3},
]


class Stack(Kept, traitlets.TraitType[list[dict[str, Any]], Any]):
    """At most 8 layers as `convbook.arithmetic.receptive` takes them, all with a square window.

    What makes a window is kept, with every default filled in; channels and activations are not.

    Raises:
        traitlets.TraitError: there are too many layers, or one breaks a rule; it is named.
    """

    info_text = f"at most {MOST_LAYERS} layers"

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return the layers with every field of their windows filled in."""
        if not isinstance(value, list | tuple) or any(
            not isinstance(one, Mapping) for one in value
        ):
            raise traitlets.TraitError(
                f"{self.name} (={value!r}) must be a list of layers such as "
                '{"kind": "conv", "kernel_size": 3}'
            )
        if len(value) > MOST_LAYERS:
            raise traitlets.TraitError(
                f"{self.name} has {len(value)} layers, but at most {MOST_LAYERS} are drawn: "
                "leave some out"
            )
        return [_layer(number, layer) for number, layer in enumerate(value, start=1)]


def _layer(number: int, layer: Layer) -> dict[str, Any]:
    try:
        return _drawn(read_layer(layer, counted=False))
    except ValueError as error:
        raise traitlets.TraitError(f"{place(number, layer)}: {error}") from None


def _drawn(layer: Layer) -> dict[str, Any]:
    kind = layer["kind"]
    if kind not in WINDOWS:
        raise ValueError(
            f"only layers with a window are drawn ({', '.join(WINDOWS)}): leave it out"
        )
    full = filled(layer)
    return {"kind": kind} | {name: _offered(name, full[name]) for name in WINDOWS[kind]}


def _offered(name: str, value: int | list[int]) -> int:
    least, most = LIMITS[name]["least"], LIMITS[name]["most"]
    rows, columns = pair(value)
    if rows != columns or not least <= rows <= most:
        raise ValueError(
            f"{name} (={value}) must be a whole number from {least} to {most} here, the same for "
            "rows and columns"
        )
    return rows
