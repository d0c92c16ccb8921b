"""The course's first convolutional network."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.sizes import Shape, features_after, require_positive


class SmallCNN(nn.Module):
    """Three 3×3 convolutions with two max poolings between them, then two dense layers.

    Sides of 28 cells become 26, 13, 11, 5 and 3. Images need at least 18 rows and columns.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.

    Raises:
        ValueError: a number is below 1, or the image is too small.

    >>> sum(weights.numel() for weights in SmallCNN().parameters())
    93322
    """

    def __init__(self, classes: int = 10, input_shape: Shape = (1, 28, 28)) -> None:
        """Build the layers with fresh random weights."""
        super().__init__()
        require_positive(classes=classes)
        channels, *_ = read_input_shape(input_shape)
        self.features = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(channels, 32, kernel_size=3),
                relu1=nn.ReLU(),
                pool1=nn.MaxPool2d(2),
                conv2=nn.Conv2d(32, 64, kernel_size=3),
                relu2=nn.ReLU(),
                pool2=nn.MaxPool2d(2),
                conv3=nn.Conv2d(64, 64, kernel_size=3),
                relu3=nn.ReLU(),
            )
        )
        self.classifier = nn.Sequential(
            OrderedDict(
                flatten=nn.Flatten(),
                dense1=nn.Linear(features_after(self.features, input_shape), 64),
                relu=nn.ReLU(),
                dense2=nn.Linear(64, classes),
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.features(x))
        return logits
