"""Inception modules: several kernel sizes side by side (Szegedy et al., 2015)."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.initial import initialize_convolutions
from convbook.models.sizes import Shape, require_positive


class InceptionModule(nn.Module):
    """Four paths over the same maps, joined by channels (figure 2b).

    Each path keeps rows and columns. The 1×1 convolutions before 3×3 and 5×5 make these cheap;
    a ReLU follows every convolution. The arguments are the columns of the paper's table 1.

    Args:
        in_channels: maps of the input.
        conv1x1: maps of the first path, a 1×1 convolution.
        reduce3x3: maps before the 3×3 convolution.
        conv3x3: maps of the second path.
        reduce5x5: maps before the 5×5 convolution.
        conv5x5: maps of the third path.
        pool_projection: maps of the fourth path, 1×1 after a 3×3 max pooling.

    Raises:
        ValueError: a number is below 1.

    >>> module = InceptionModule(192, 64, 96, 128, 16, 32, 32)  # GoogLeNet's 3a
    >>> tuple(module(torch.zeros(1, 192, 28, 28)).shape)
    (1, 256, 28, 28)
    """

    def __init__(
        self,
        in_channels: int,
        conv1x1: int,
        reduce3x3: int,
        conv3x3: int,
        reduce5x5: int,
        conv5x5: int,
        pool_projection: int,
    ) -> None:
        """Build the four paths with fresh random weights."""
        super().__init__()
        require_positive(in_channels=in_channels, conv1x1=conv1x1, reduce3x3=reduce3x3)
        require_positive(conv3x3=conv3x3, reduce5x5=reduce5x5, conv5x5=conv5x5)
        require_positive(pool_projection=pool_projection)
        self.out_channels = conv1x1 + conv3x3 + conv5x5 + pool_projection
        self.path1x1 = _convolution(in_channels, conv1x1, 1)
        self.path3x3 = nn.Sequential(
            _convolution(in_channels, reduce3x3, 1), _convolution(reduce3x3, conv3x3, 3)
        )
        self.path5x5 = nn.Sequential(
            _convolution(in_channels, reduce5x5, 1), _convolution(reduce5x5, conv5x5, 5)
        )
        self.path_pool = nn.Sequential(
            nn.MaxPool2d(3, stride=1, padding=1), _convolution(in_channels, pool_projection, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, in_channels, H, W)`` to ``(N, out_channels, H, W)``."""
        paths = (self.path1x1, self.path3x3, self.path5x5, self.path_pool)
        return torch.cat([path(x) for path in paths], dim=1)


class SmallInception(nn.Module):
    """A GoogLeNet for small images: one convolution, three modules, an average, a dense layer.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.

    Raises:
        ValueError: a number is below 1.

    >>> model = SmallInception(classes=10, input_shape=(1, 28, 28))
    """

    def __init__(self, classes: int = 10, input_shape: Shape = (3, 32, 32)) -> None:
        """Build the layers with fresh random weights, convolutions by He et al. (2015)."""
        super().__init__()
        require_positive(classes=classes)
        channels, *_ = read_input_shape(input_shape)
        self.features = nn.Sequential(
            OrderedDict(
                stem=_convolution(channels, 32, 3),
                pool1=nn.MaxPool2d(2, ceil_mode=True),
                module1=InceptionModule(32, 16, 24, 32, 4, 8, 8),
                pool2=nn.MaxPool2d(2, ceil_mode=True),
                module2=InceptionModule(64, 32, 48, 64, 8, 16, 16),
                module3=InceptionModule(128, 48, 64, 96, 12, 24, 24),
            )
        )
        self.classifier = nn.Sequential(
            OrderedDict(
                average=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), dense=nn.Linear(192, classes)
            )
        )
        initialize_convolutions(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.features(x))
        return logits


def _convolution(in_channels: int, out_channels: int, kernel_size: int) -> nn.Sequential:
    padding = kernel_size // 2
    return nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(in_channels, out_channels, kernel_size, padding=padding), relu=nn.ReLU()
        )
    )
