"""The stack of layers as a trait: checked, filled in, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import traitlets

from convbook.arithmetic.receptive import Layer, checked_layers

MOST_LAYERS = 8
# The smallest and the largest that the page offers; layers.js has the same.
LIMITS = {"kernel_size": (1, 11), "stride": (1, 11), "padding": (0, 5), "dilation": (1, 8)}
SMALL_NETWORK = [
    {"kind": "conv", "kernel_size": 3},
    {"kind": "pool", "kernel_size": 2},
    {"kind": "conv", "kernel_size": 3},
    {"kind": "pool", "kernel_size": 2},
    {"kind": "conv", "kernel_size": 3},
]


class Stack(traitlets.TraitType[list[dict[str, Any]], Any]):
    """At most 8 layers as `convbook.arithmetic.receptive` takes them, kept with all settings.

    Raises:
        traitlets.TraitError: there are too many layers, or one breaks a rule; it is named.
    """

    info_text = f"at most {MOST_LAYERS} layers"

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return the layers with every setting filled in."""
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
        try:
            layers = checked_layers(value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None
        for number, layer in enumerate(layers, start=1):
            _require_offered(number, layer)
        return [layer._asdict() for layer in layers]


def _require_offered(number: int, layer: Layer) -> None:
    for name, (least, most) in LIMITS.items():
        value = getattr(layer, name)
        if value > most:
            raise traitlets.TraitError(
                f"layer {number} ({layer.kind}): {name} (={value}) must be a whole number from "
                f"{least} to {most}"
            )
