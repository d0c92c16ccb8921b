"""Residual networks (He, Zhang, Ren and Sun, 2016)."""

from __future__ import annotations

from collections import OrderedDict

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.initial import initialize_convolutions
from convbook.models.sizes import Shape, require_positive


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions whose result is added to the block's input (figure 2).

    Where rows, columns or channels change, the input passes a 1×1 convolution first (option B).

    Args:
        in_channels: maps of the input.
        out_channels: maps of the output.
        stride: of the first convolution, and of the shortcut's.

    Raises:
        ValueError: a number is below 1.

    >>> import torch
    >>> tuple(ResidualBlock(16, 32, stride=2)(torch.zeros(2, 16, 8, 8)).shape)
    (2, 32, 4, 4)
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        """Build both ways with fresh random weights."""
        super().__init__()
        require_positive(in_channels=in_channels, out_channels=out_channels, stride=stride)
        self.body = nn.Sequential(
            OrderedDict(
                conv1=_convolution(in_channels, out_channels, 3, stride),
                norm1=nn.BatchNorm2d(out_channels),
                relu1=nn.ReLU(),
                conv2=_convolution(out_channels, out_channels, 3),
                norm2=nn.BatchNorm2d(out_channels),
            )
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut.append(_convolution(in_channels, out_channels, 1, stride))
            self.shortcut.append(nn.BatchNorm2d(out_channels))
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, in_channels, H, W)`` to ``(N, out_channels, ⌈H/stride⌉, ⌈W/stride⌉)``."""
        added: Tensor = self.relu2(self.body(x) + self.shortcut(x))
        return added


class ResNet(nn.Module):
    """A stem, stages of residual blocks, an average over all cells, one dense layer.

    Each stage after the first halves rows and columns. The defaults are ResNet-18 (table 1).

    Args:
        blocks: how many blocks each stage has.
        widths: how many maps each stage has.
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        small_stem: whether the stem is one 3×3 convolution, as for CIFAR-10 (section 4.2),
            instead of 7×7 at stride 2 and a max pooling.

    Raises:
        ValueError: a number is below 1, or there is not one width for each number of blocks.

    >>> sum(weights.numel() for weights in ResNet().parameters())
    11689512
    """

    def __init__(
        self,
        blocks: tuple[int, ...] = (2, 2, 2, 2),
        widths: tuple[int, ...] = (64, 128, 256, 512),
        classes: int = 1000,
        input_shape: Shape = (3, 224, 224),
        small_stem: bool = False,
    ) -> None:
        """Build the layers with fresh random weights, convolutions by He et al. (2015)."""
        super().__init__()
        require_positive(classes=classes)
        if len(blocks) != len(widths) or not blocks:
            raise ValueError(
                f"blocks (={blocks}) and widths (={widths}) must have one number for each stage"
            )
        for count, width in zip(blocks, widths, strict=True):
            require_positive(blocks=count, widths=width)
        channels, *_ = read_input_shape(input_shape)
        self.stem = (_small_stem if small_stem else _stem)(channels, widths[0])
        self.stages = _stages(blocks, widths)
        self.classifier = nn.Sequential(
            OrderedDict(
                average=nn.AdaptiveAvgPool2d(1),
                flatten=nn.Flatten(),
                dense=nn.Linear(widths[-1], classes),
            )
        )
        initialize_convolutions(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.stages(self.stem(x)))
        return logits


def small_resnet(
    classes: int = 10, input_shape: Shape = (3, 32, 32), blocks: int = 3, width: int = 16
) -> ResNet:
    """Return a residual network for small images: three stages, 6·blocks + 2 layers deep.

    It is the network for CIFAR-10 of section 4.2, with 1×1 convolutions on shortcuts that
    change shape.

    Args:
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        blocks: in each stage.
        width: maps of the first stage; the others have 2 and 4 times as many.

    Raises:
        ValueError: a number is below 1.

    >>> sum(weights.numel() for weights in small_resnet().parameters())
    272474
    """
    widths = (width, 2 * width, 4 * width)
    return ResNet((blocks,) * 3, widths, classes, input_shape, small_stem=True)


def _convolution(
    in_channels: int, out_channels: int, kernel_size: int, stride: int = 1
) -> nn.Conv2d:
    """No bias: the batch normalisation behind it has one."""
    padding = kernel_size // 2
    return nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, bias=False)


def _stem(channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv=_convolution(channels, width, 7, stride=2),
            norm=nn.BatchNorm2d(width),
            relu=nn.ReLU(),
            pool=nn.MaxPool2d(3, stride=2, padding=1),
        )
    )


def _small_stem(channels: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict(
            conv=_convolution(channels, width, 3), norm=nn.BatchNorm2d(width), relu=nn.ReLU()
        )
    )


def _stages(blocks: tuple[int, ...], widths: tuple[int, ...]) -> nn.Sequential:
    stages = nn.Sequential()
    channels = widths[0]
    for repeats, width in zip(blocks, widths, strict=True):
        stage = nn.Sequential()
        for block in range(repeats):
            stride = 2 if block == 0 and len(stages) > 0 else 1
            stage.append(ResidualBlock(channels, width, stride))
            channels = width
        stages.append(stage)
    return stages
