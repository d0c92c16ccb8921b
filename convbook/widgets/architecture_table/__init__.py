"""The architecture table: a stack of layers, and what each makes and costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import traitlets

from convbook.arithmetic.architectures import ARCHITECTURES, Architecture
from convbook.arithmetic.counting import LayerCount, LayerError, NetworkCount, count
from convbook.arithmetic.layer_kinds import Layer
from convbook.arithmetic.networks import TITLES
from convbook.widgets.architecture_table.picture import table_picture
from convbook.widgets.architecture_table.traits import (
    MOST_LAYERS,
    Architectures,
    InputShape,
    Layers,
)
from convbook.widgets.architecture_table.words import shape_text
from convbook.widgets.base import CourseWidget
from convbook.widgets.source import join_modules, join_styles
from convbook.widgets.traits import whole_number
from convbook.wording import amount

Share = Literal["parameters", "macs", "memory"]

PRESETS = {TITLES[name]: network for name, network in ARCHITECTURES.items()}
FIRST = next(iter(PRESETS.values()))


class ArchitectureTable(CourseWidget):
    """A network as a table: shape, parameters, work, memory and receptive field of each layer.

    The reader's changes in the page arrive in the traits, and changes of the traits in the page.
    Layers count from 0 in ``selected``; the page and the messages say them from 1.

    Args:
        architecture: a network of the course by its name, such as ``"vgg-16"``, or a preset by its
            title, such as ``"VGG-16"``; the first preset where nothing is given.
        layers: a stack of one's own instead, 1 to 100 layers, as
            `convbook.arithmetic.counting.count` takes them.
        input_shape: ``(C, H, W)`` of one input; a preset brings its own.
        selected: the layer that is being edited.
        share: what the bars stand for: parameters, macs, or memory: of the outputs of layers and,
            inside a block, of convolutions, normalisations and pooling.
        presets: networks by their titles, among which the reader can choose.

    Raises:
        traitlets.TraitError: a value breaks its rule; the message names value, rule and fix.

    >>> table = ArchitectureTable("small-cnn")
    >>> table.parameters
    93322
    >>> [row.output_shape for row in table.table[:2]]
    [(32, 26, 26), (32, 13, 13)]
    """

    _esm = join_modules("architecture_table/widget.js")
    _css = join_styles("shared/widgets.css", "architecture_table/style.css")

    layers = Layers(FIRST["layers"]).tag(sync=True)
    input_shape = InputShape(FIRST["input_shape"]).tag(sync=True)
    selected = whole_number(0, least=0, most=MOST_LAYERS - 1)
    share = traitlets.Enum[Share](get_args(Share), "parameters").tag(sync=True)
    presets = Architectures(PRESETS).tag(sync=True)

    def __init__(
        self,
        architecture: str | None = None,
        *,
        layers: Sequence[Layer] | None = None,
        input_shape: Sequence[int] | None = None,
        selected: int = 0,
        share: Share = "parameters",
        presets: Mapping[str, Architecture] | None = None,
        **kwargs: Any,
    ) -> None:
        """Set every trait; the class says what each means."""
        named = PRESETS if presets is None else presets
        if layers is None:
            chosen = _preset(named, architecture)
            layers = chosen["layers"]
            input_shape = chosen["input_shape"] if input_shape is None else input_shape
        elif architecture is not None:
            raise traitlets.TraitError(
                f"architecture (={architecture!r}) has its own layers: give it or layers, not both"
            )
        elif input_shape is None:
            raise traitlets.TraitError(
                "input_shape is missing: with layers, give it too, such as (1, 28, 28)"
            )
        super().__init__(
            layers=layers,
            input_shape=input_shape,
            selected=selected,
            share=share,
            presets=named,
            **kwargs,
        )

    @property
    def table(self) -> list[LayerCount]:
        """One count per layer; where a layer is not possible, the rows before it."""
        return list(self.counted[0].rows)

    @property
    def parameters(self) -> int:
        """The learned numbers of all layers. ValueError where a layer is not possible."""
        return self._count().parameters

    @property
    def macs(self) -> int:
        """The multiply-accumulates for one input. ValueError where a layer is not possible."""
        return self._count().macs

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The last layer's output shape. ValueError where a layer is not possible."""
        return self._count().output_shape

    @property
    def counted(self) -> tuple[NetworkCount, LayerError | None]:
        """What can be counted, and the error of the layer that is not possible, if there is one."""
        try:
            return self._count(), None
        except LayerError as error:
            return error.counted, error

    def picture(self) -> str:
        """Return the present state as one SVG element."""
        return table_picture(self)

    def __repr__(self) -> str:
        """Return the network in one line, the same in every run."""
        network, error = self.counted
        cost = (
            f"not possible at layer {error.number}"
            if error
            else amount(network.parameters, "parameter")
        )
        shape = shape_text(self.input_shape)
        return f"ArchitectureTable({amount(len(self.layers), 'layer')}, input {shape}, {cost})"

    def _count(self) -> NetworkCount:
        return count(self.layers, self.input_shape)

    @traitlets.validate("selected")
    def _among_the_layers(self, proposal: Any) -> int:
        value, last = int(proposal.value), len(self.layers) - 1
        if value > last:
            raise traitlets.TraitError(
                f"selected (={value}) must be at most {last}, the last layer: "
                "choose a smaller number, or add layers"
            )
        return value

    @traitlets.observe("layers")
    def _keep_selected_inside(self, _change: Any) -> None:
        self.selected = min(self.selected, len(self.layers) - 1)


def _preset(presets: Mapping[str, Architecture], name: str | None) -> Architecture:
    if name is None:
        return next(iter(presets.values()))
    title = TITLES.get(name, name)
    if title not in presets:
        raise traitlets.TraitError(
            f"architecture (={name!r}) must be the name or the title of a preset: "
            f"{', '.join(presets)}"
        )
    return presets[title]
