"""The layers of LeNet-5 that have gone out of use (LeCun, Bottou, Bengio and Haffner, 1998)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its usual name)

# The maps of S2 that each of the 16 maps of C3 reads: the paper's table I, column by column.
TABLE_I = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5)),
    (0, 1, 2, 3, 4, 5),
)


class Squash(nn.Module):
    """The squashing function ``1.7159·tanh(2x/3)``, about ±1 at ±1 (appendix A).

    >>> [round(float(y), 4) for y in Squash()(torch.tensor([0.0, 1.0, 99.0]))]
    [0.0, 1.0, 1.7159]
    """

    def forward(self, x: Tensor) -> Tensor:
        """Squash each number; any shape."""
        return 1.7159 * torch.tanh(2 / 3 * x)


class Subsampling(nn.Module):
    """The sum of each window of 2×2 cells, times one coefficient a map, plus one bias a map.

    Coefficients start at 1/4, where it is average pooling (section II-B).

    Args:
        channels: how many maps.

    >>> Subsampling(1)(torch.arange(4.0).reshape(1, 1, 2, 2)).item()
    1.5
    """

    kernel_size, stride, padding = 2, 2, 0

    def __init__(self, channels: int) -> None:
        """Start as average pooling."""
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((channels, 1, 1), 1 / self.kernel_size**2))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, C, H, W)`` to ``(N, C, H // 2, W // 2)``."""
        sums = F.avg_pool2d(x, self.kernel_size, divisor_override=1)
        return self.coefficient * sums + self.bias


class PartlyConnectedConv2d(nn.Module):
    """A convolution in which each map of the output reads only some maps of the input.

    Only kernels that exist are parameters, one for each connection. While it computes, the
    others are zeros: one full convolution is many times faster than sixteen small ones.

    Args:
        connections: for each map of the output the maps it reads.
        kernel_size: rows and columns of each kernel.

    >>> layer = PartlyConnectedConv2d(TABLE_I, kernel_size=5)
    >>> tuple(layer.weight.shape), sum(weights.numel() for weights in layer.parameters())
    ((60, 5, 5), 1516)
    """

    stride, padding = 1, 0

    def __init__(self, connections: Sequence[Sequence[int]], kernel_size: int) -> None:
        """Draw the weights as `torch.nn.Conv2d` does, by how many a neuron of the map has."""
        super().__init__()
        self.kernel_size = kernel_size
        self.in_channels = 1 + max(map(max, connections))
        self.out_channels = len(connections)
        self.inputs = [channel for reads in connections for channel in reads]
        self.outputs = [channel for channel, reads in enumerate(connections) for _ in reads]
        bound = torch.tensor([len(reads) * kernel_size**2 for reads in connections]).rsqrt()
        kernels = 2 * torch.rand(len(self.inputs), kernel_size, kernel_size) - 1
        self.weight = nn.Parameter(kernels * bound[self.outputs, None, None])
        self.bias = nn.Parameter((2 * torch.rand(self.out_channels) - 1) * bound)

    def full_weight(self) -> Tensor:
        """Return all kernels, shape ``(out_channels, in_channels, k, k)``, zeros among them."""
        shape = (self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        full = self.weight.new_zeros(shape)
        full[self.outputs, self.inputs] = self.weight
        return full

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, in_channels, H, W)`` to ``(N, out_channels, H − k + 1, W − k + 1)``."""
        return F.conv2d(x, self.full_weight(), self.bias)


class RadialBasis(nn.Module):
    """The negated squared distances of a vector to one fixed code of ±1 for each class.

    The paper draws its codes as small pictures of the characters, and names random ones as the
    alternative, which are taken here. The nearest code has the largest logit (section II-B).

    Args:
        in_features: length of a code.
        classes: how many codes.
        seed: of their choice.

    >>> layer = RadialBasis(84, classes=10)
    >>> layer(layer.codes).argmax(dim=1).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    """

    codes: Tensor

    def __init__(self, in_features: int, classes: int, seed: int = 0) -> None:
        """Draw the codes; they are saved with the weights, and never trained."""
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        bits = torch.randint(2, (classes, in_features), generator=generator, device="cpu")
        self.register_buffer("codes", (2.0 * bits - 1).to(torch.get_default_device()))

    def forward(self, x: Tensor) -> Tensor:
        """Map ``(N, in_features)`` to ``(N, classes)``."""
        return -(x[:, None] - self.codes).square().sum(dim=2)
