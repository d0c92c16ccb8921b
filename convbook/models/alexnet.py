"""AlexNet (Krizhevsky, Sutskever and Hinton, 2012; the single tower: Krizhevsky, 2014)."""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal, get_args

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.initial import initialize_convolutions
from convbook.models.sizes import Shape, features_after, require_positive

Variant = Literal["two groups", "ungrouped", "single tower"]

VARIANTS: tuple[Variant, ...] = get_args(Variant)


class AlexNet(nn.Module):
    """Five convolutions and three dense layers.

    From 227×227 cells, in the single tower from 224×224, the maps have 55, 27, 13 and 6. An
    image with a side below 67 is too small for kernels of 11×11 at stride 4: the first
    convolution then has 5×5, at stride 2 from 48 on and else at stride 1. For such images take
    ``hidden`` of a few hundred.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image, at least 15 rows and columns.
        variant: ``"two groups"`` as published, where convolutions 2, 4 and 5 are halves that
            each see half of the maps, since two GPUs shared the work; ``"ungrouped"``; or
            ``"single tower"``: narrower convolutions, no response normalisation, and the sizes
            of torchvision, whose average to 6×6 cells does nothing at 224×224 and is left out.
        hidden: neurons of each of the first two dense layers.

    Raises:
        ValueError: a number is below 1, the image is too small, or the variant is not known.

    >>> AlexNet(classes=10, input_shape=(3, 64, 64), hidden=256).features.conv1
    Conv2d(3, 96, kernel_size=(5, 5), stride=(2, 2), padding=(2, 2))
    """

    def __init__(
        self,
        classes: int = 1000,
        input_shape: Shape = (3, 227, 227),
        variant: Variant = "two groups",
        hidden: int = 4096,
    ) -> None:
        """Build the layers with fresh random weights, convolutions by He et al. (2015)."""
        super().__init__()
        require_positive(classes=classes, hidden=hidden)
        if variant not in VARIANTS:
            raise ValueError(f"variant (={variant!r}) must be one of {', '.join(VARIANTS)}")
        alone = variant == "single tower"
        if alone:
            self.features = _single_tower(input_shape)
        else:
            self.features = _published(input_shape, groups=2 if variant == "two groups" else 1)
        features = features_after(self.features, input_shape)
        classifier = _classifier_2014 if alone else _classifier_2012
        self.classifier = classifier(features, hidden, classes)
        initialize_convolutions(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _first_convolution(input_shape: Shape, out_channels: int, padding: int) -> nn.Conv2d:
    channels, *sides = read_input_shape(input_shape)
    if min(sides) >= 67:
        return nn.Conv2d(channels, out_channels, kernel_size=11, stride=4, padding=padding)
    stride = 2 if min(sides) >= 48 else 1
    return nn.Conv2d(channels, out_channels, kernel_size=5, stride=stride, padding=2)


def _response_norm() -> nn.LocalResponseNorm:
    """The paper's α = 10⁻⁴ multiplies the sum of 5 squares; PyTorch's multiplies their mean."""
    return nn.LocalResponseNorm(5, alpha=5 * 1e-4, beta=0.75, k=2)


def _published(input_shape: Shape, groups: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv1=_first_convolution(input_shape, 96, padding=0),
            relu1=nn.ReLU(),
            norm1=_response_norm(),
            pool1=nn.MaxPool2d(3, stride=2),
            conv2=nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
            relu2=nn.ReLU(),
            norm2=_response_norm(),
            pool2=nn.MaxPool2d(3, stride=2),
            conv3=nn.Conv2d(256, 384, kernel_size=3, padding=1),
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),
        )
    )


def _single_tower(input_shape: Shape) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv1=_first_convolution(input_shape, 64, padding=2),
            relu1=nn.ReLU(),
            pool1=nn.MaxPool2d(3, stride=2),
            conv2=nn.Conv2d(64, 192, kernel_size=5, padding=2),
            relu2=nn.ReLU(),
            pool2=nn.MaxPool2d(3, stride=2),
            conv3=nn.Conv2d(192, 384, kernel_size=3, padding=1),
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(384, 256, kernel_size=3, padding=1),
            relu4=nn.ReLU(),
            conv5=nn.Conv2d(256, 256, kernel_size=3, padding=1),
            relu5=nn.ReLU(),
            pool5=nn.MaxPool2d(3, stride=2),
        )
    )


def _classifier_2012(features: int, hidden: int, classes: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            dense6=nn.Linear(features, hidden),
            relu6=nn.ReLU(),
            dropout6=nn.Dropout(),
            dense7=nn.Linear(hidden, hidden),
            relu7=nn.ReLU(),
            dropout7=nn.Dropout(),
            dense8=nn.Linear(hidden, classes),
        )
    )


def _classifier_2014(features: int, hidden: int, classes: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            dropout5=nn.Dropout(),
            dense6=nn.Linear(features, hidden),
            relu6=nn.ReLU(),
            dropout6=nn.Dropout(),
            dense7=nn.Linear(hidden, hidden),
            relu7=nn.ReLU(),
            dense8=nn.Linear(hidden, classes),
        )
    )
