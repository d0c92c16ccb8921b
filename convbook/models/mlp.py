"""A dense network: the rival that knows nothing of neighbourhood."""

from __future__ import annotations

from collections import OrderedDict
from math import prod

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.sizes import Shape, require_positive


class MLP(nn.Module):
    """One hidden dense layer between the flattened image and the logits.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        hidden: neurons of the hidden layer.

    Raises:
        ValueError: a number is below 1.

    >>> sum(weights.numel() for weights in MLP(hidden=100).parameters())
    79510
    """

    def __init__(
        self, classes: int = 10, input_shape: Shape = (1, 28, 28), hidden: int = 128
    ) -> None:
        """Build the layers with fresh random weights."""
        super().__init__()
        require_positive(classes=classes, hidden=hidden)
        self.layers = nn.Sequential(
            OrderedDict(
                flatten=nn.Flatten(),
                dense1=nn.Linear(prod(read_input_shape(input_shape)), hidden),
                relu=nn.ReLU(),
                dense2=nn.Linear(hidden, classes),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.layers(x)
        return logits


def hidden_for(parameters: int, classes: int, input_shape: Shape) -> int:
    """Return the width at which an `MLP` has as nearly as possible so many parameters.

    Each hidden neuron brings a weight for every input, its bias, and a weight for every class.

    Args:
        parameters: how many to come near to.
        classes: of the `MLP`.
        input_shape: of the `MLP`.

    Returns:
        At least 1.

    Raises:
        ValueError: a number is below 1.

    >>> hidden_for(93_322, classes=10, input_shape=(1, 28, 28))
    117
    """
    require_positive(parameters=parameters, classes=classes)
    each = prod(read_input_shape(input_shape)) + 1 + classes
    return max(1, round((parameters - classes) / each))
