"""VGG (Simonyan and Zisserman, 2015): small kernels, stacked."""

from __future__ import annotations

from torch import Tensor, nn

from convbook.arithmetic.counting import read_input_shape
from convbook.models.initial import initialize_convolutions
from convbook.models.sizes import Shape, features_after, require_positive

# How many 3×3 convolutions each of the five stages has, by depth: the paper's table 1, A, B, D, E.
STAGES = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


class VGG(nn.Module):
    """Five stages of 3×3 convolutions, each ended by a max pooling, then three dense layers.

    Layers are named as in torchvision, so that published weights fit: see
    `convbook.models.load_published`. A pooling for which less than 2×2 cells are left is left
    out. For small images take ``hidden`` of a few hundred, and a ``width`` of 16 or 32.

    Args:
        depth: layers with weights: 11, 13, 16 or 19.
        batch_norm: whether to normalise after each convolution (Ioffe and Szegedy, 2015).
        classes: how many logits to return.
        input_shape: ``(C, H, W)`` of one image.
        hidden: neurons of each of the first two dense layers.
        width: maps of the first stage; the later ones have 2, 4, 8 and 8 times as many.

    Raises:
        ValueError: a number is below 1, or the depth is not one of the four.

    >>> model = VGG(depth=11, classes=10, input_shape=(3, 32, 32), hidden=64, width=16)
    >>> sum(weights.numel() for weights in model.parameters())
    590186
    """

    def __init__(
        self,
        depth: int = 16,
        batch_norm: bool = False,
        classes: int = 1000,
        input_shape: Shape = (3, 224, 224),
        hidden: int = 4096,
        width: int = 64,
    ) -> None:
        """Build the layers with fresh random weights, convolutions by He et al. (2015)."""
        super().__init__()
        require_positive(classes=classes, hidden=hidden, width=width)
        if depth not in STAGES:
            raise ValueError(f"depth (={depth!r}) must be one of {', '.join(map(str, STAGES))}")
        self.features = _stages(STAGES[depth], width, batch_norm, read_input_shape(input_shape))
        self.flatten = nn.Flatten()
        self.classifier = nn.Sequential(
            nn.Linear(features_after(self.features, input_shape), hidden),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(),
            nn.Linear(hidden, classes),
        )
        initialize_convolutions(self)

    def forward(self, x: Tensor) -> Tensor:
        """Map images ``(N, C, H, W)`` in [0, 1] to logits ``(N, classes)``."""
        logits: Tensor = self.classifier(self.flatten(self.features(x)))
        return logits


def _stages(
    stages: tuple[int, ...], width: int, batch_norm: bool, input_shape: Shape
) -> nn.Sequential:
    channels, *sides = input_shape
    layers: list[nn.Module] = []
    for halvings, (repeats, factor) in enumerate(zip(stages, (1, 2, 4, 8, 8), strict=True)):
        for _ in range(repeats):
            layers.append(nn.Conv2d(channels, factor * width, kernel_size=3, padding=1))
            channels = factor * width
            layers += [nn.BatchNorm2d(channels)] if batch_norm else []
            layers.append(nn.ReLU())
        if min(sides) >> halvings >= 2:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)
