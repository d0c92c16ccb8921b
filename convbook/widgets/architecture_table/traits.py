"""The traits of the architecture table: layers, an input shape, named networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from convbook.arithmetic.architectures import Architecture
from convbook.arithmetic.counting import read_input_shape
from convbook.arithmetic.layer_kinds import Layer, place, read_layer
from convbook.widgets.traits import Kept, limits_of

MOST_LAYERS = limits_of("architecture_table")["layers"]["most"]


class Layers(Kept, traitlets.TraitType[list[dict[str, Any]], Sequence[Layer]]):
    """A stack of layers as `convbook.arithmetic.counting.count` takes it, kept ready for JSON.

    Each layer must be right in itself. Whether it can follow the one before it is not asked: a
    reader may pass through networks that cannot be.

    Raises:
        traitlets.TraitError: there are not 1 to 100 layers, or a layer's kind or field is wrong.
    """

    info_text = f"1 to {MOST_LAYERS} layers, each a mapping with a kind"

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return ``value`` as plain mappings."""
        return _layers(str(self.name), value)


class InputShape(Kept, traitlets.TraitType[list[int], Sequence[int]]):
    """The shape ``(C, H, W)`` of one input, kept as a list.

    Raises:
        traitlets.TraitError: it is not three whole numbers in range.
    """

    info_text = "three whole numbers (C, H, W)"

    def validate(self, obj: Any, value: Any) -> list[int]:
        """Return ``value`` as a list."""
        return _input_shape(value)


class Architectures(Kept, traitlets.TraitType[dict[str, Architecture], Mapping[str, Architecture]]):
    """Networks by name, each with its ``layers`` and its ``input_shape``.

    Raises:
        traitlets.TraitError: there is none, or one is wrong.
    """

    info_text = "networks by name, each with layers and input_shape"

    def validate(self, obj: Any, value: Any) -> dict[str, Architecture]:
        """Return ``value`` with plain layers and shapes."""
        if not isinstance(value, Mapping) or not value:
            raise traitlets.TraitError(
                f"{self.name} must hold at least one network by its name, not {value!r}"
            )
        return {str(name): self._architecture(name, one) for name, one in value.items()}

    def _architecture(self, name: Any, value: Any) -> Architecture:
        if not isinstance(value, Mapping) or set(value) != {"layers", "input_shape"}:
            raise traitlets.TraitError(
                f"{self.name}[{name!r}] must be a mapping of layers and input_shape, not {value!r}"
            )
        layers = _layers(f"{self.name}[{name!r}]", value["layers"])
        return Architecture(layers=layers, input_shape=_input_shape(value["input_shape"]))


def _layers(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, (list, tuple)) or not 1 <= len(value) <= MOST_LAYERS:
        held = f"{len(value)} layers" if isinstance(value, (list, tuple)) else repr(value)
        raise traitlets.TraitError(
            f"{name} holds {held}, but must be a list of 1 to {MOST_LAYERS} layers: "
            "write each as a mapping such as {'kind': 'relu'}"
        )
    return [_layer(name, number, layer) for number, layer in enumerate(value, 1)]


def _layer(name: str, number: int, layer: Any) -> dict[str, Any]:
    try:
        return read_layer(layer)
    except ValueError as error:
        raise traitlets.TraitError(f"{name}: {place(number, layer)}: {error}") from None


def _input_shape(value: Any) -> list[int]:
    try:
        return list(read_input_shape(value))
    except ValueError as error:
        raise traitlets.TraitError(str(error)) from None
