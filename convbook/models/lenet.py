"""LeNet-5, in today's form and as published (LeCun, Bottou, Bengio and Haffner, 1998)."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.lenet_original import (
    TABLE_I,
    PartlyConnectedConv2d,
    RadialBasis,
    Squash,
    Subsampling,
)
from convbook.models.sizes import Shape, features_after, require_positive


class LeNet5(nn.Module):
    """Two convolutions, two poolings and three dense layers, named as in the paper's figure 2.

    C5 is a convolution in the paper; on maps of 5×5 cells it is the dense layer it is here.
    Images of 28×28 cells get two cells of padding on each side, and so the paper's 32×32.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        original: False for today's form, with hyperbolic tangents, average poolings and dense
            layers throughout; True for the paper's, with the layers of `lenet_original`.

    Raises:
        ValueError: a number is below 1, or the image is too small.

    >>> [sum(w.numel() for w in LeNet5(original=form).parameters()) for form in (False, True)]
    [61706, 60000]
    """

    def __init__(
        self, classes: int = 10, input_shape: Shape = (1, 32, 32), original: bool = False
    ) -> None:
        """Build the layers with fresh random weights."""
        super().__init__()
        require_positive(classes=classes)
        channels, *sides = read_input_shape(input_shape)
        padding = 2 if sides == [28, 28] else 0
        squash = Squash if original else nn.Tanh
        self.features = (_as_published if original else _todays_form)(channels, padding)
        self.classifier = nn.Sequential(
            OrderedDict(
                flatten=nn.Flatten(),
                C5=nn.Linear(features_after(self.features, input_shape), 120),
                squash5=squash(),
                F6=nn.Linear(120, 84),
                squash6=squash(),
                output=RadialBasis(84, classes) if original else nn.Linear(84, classes),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _todays_form(channels: int, padding: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            C1=nn.Conv2d(channels, 6, kernel_size=5, padding=padding),
            squash1=nn.Tanh(),
            S2=nn.AvgPool2d(2),
            C3=nn.Conv2d(6, 16, kernel_size=5),
            squash3=nn.Tanh(),
            S4=nn.AvgPool2d(2),
        )
    )


def _as_published(channels: int, padding: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            C1=nn.Conv2d(channels, 6, kernel_size=5, padding=padding),
            squash1=Squash(),
            S2=Subsampling(6),
            squash2=Squash(),
            C3=PartlyConnectedConv2d(TABLE_I, kernel_size=5),
            squash3=Squash(),
            S4=Subsampling(16),
            squash4=Squash(),
        )
    )
