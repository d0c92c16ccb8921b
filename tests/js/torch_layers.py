"""Networks built from PyTorch's own modules and counted by it: what convbook's counts must meet."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

Layer = dict[str, Any]
Layers = list[Layer]

ACTIVATIONS = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softmax": lambda: nn.Softmax(dim=1),
}


class Residual(nn.Module):
    """He et al. (2016): two 3×3 convolutions, and a 1×1 convolution where the shape changes."""

    def __init__(self, channels: int, out: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, out, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(out),
            nn.ReLU(),
            nn.Conv2d(out, out, 3, padding=1, bias=False),
            nn.BatchNorm2d(out),
        )
        same = stride == 1 and channels == out
        projection = (nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.shortcut = nn.Sequential(*(() if same else projection))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.body(x) + self.shortcut(x))


class Inception(nn.Module):
    """Szegedy et al. (2015), fig. 2b."""

    def __init__(self, channels: int, sizes: list[int]) -> None:
        super().__init__()
        one, three, wide, five, wider, pool = sizes
        self.paths = nn.ModuleList(
            [
                nn.Conv2d(channels, one, 1),
                nn.Sequential(nn.Conv2d(channels, three, 1), nn.Conv2d(three, wide, 3, padding=1)),
                nn.Sequential(nn.Conv2d(channels, five, 1), nn.Conv2d(five, wider, 5, padding=2)),
                nn.Sequential(nn.AvgPool2d(3, 1, padding=1), nn.Conv2d(channels, pool, 1)),
            ]
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([path(x) for path in self.paths], dim=1)


def module(layer: Layer, shape: torch.Size) -> nn.Module:
    """The PyTorch module that a layer describes, for an input of ``shape`` (N first)."""
    fields = {name: tuple(v) if isinstance(v, list) else v for name, v in layer.items()}
    kind, activation, channels = fields.pop("kind"), fields.pop("activation", "none"), shape[1]
    makers = {
        "conv": lambda: nn.Conv2d(channels, **fields),
        "max_pool": lambda: nn.MaxPool2d(**fields),
        "avg_pool": lambda: nn.AvgPool2d(**fields),
        "global_avg_pool": lambda: nn.AdaptiveAvgPool2d(1),
        "batch_norm": lambda: (nn.BatchNorm2d if len(shape) == 4 else nn.BatchNorm1d)(channels),
        "local_response_norm": lambda: nn.LocalResponseNorm(5),
        "dropout": nn.Dropout,
        "flatten": nn.Flatten,
        "dense": lambda: nn.Linear(channels, **fields),
        "residual": lambda: Residual(channels, fields["out_channels"], fields.get("stride", 1)),
        "inception": lambda: Inception(channels, list(fields.values())),
    }
    made = {**ACTIVATIONS, **makers}[kind]()
    return made if activation == "none" else nn.Sequential(made, ACTIVATIONS[activation]())


def network(layers: Layers, input_shape: list[int]) -> list[nn.Module]:
    """The modules of a network on the meta device, so that large ones take no memory."""
    x = torch.empty(1, *input_shape, device="meta")
    modules = []
    with torch.device("meta"):
        for layer in layers:
            modules.append(module(layer, x.shape).eval())
            x = modules[-1](x)
    return modules


MAKES_MAPS = (
    *(nn.Conv2d, nn.BatchNorm2d, nn.LocalResponseNorm),
    *(nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d),
)
# What has an output of its own; an activation has one only where it is a layer of its own.
HAS_OUTPUT = (*MAKES_MAPS, nn.BatchNorm1d, nn.Dropout, nn.Flatten, nn.Linear)


def elements_made(one: nn.Module, x: torch.Tensor, kinds: tuple[type[nn.Module], ...]) -> int:
    """How many elements the outputs of the parts of these kinds have, as forward hooks see them."""
    made: list[int] = []
    makers = [part for part in one.modules() if isinstance(part, kinds)] or [one]
    hooks = [
        part.register_forward_hook(lambda _part, _inputs, output: made.append(output[0].numel()))
        for part in makers
    ]
    one(x)
    for hook in hooks:
        hook.remove()
    return sum(made)


def layer_counts(modules: list[nn.Module], input_shape: list[int]) -> list[dict[str, Any]]:
    """Shapes by running, parameters by ``numel``, MACs from what each part made."""
    x = torch.empty(1, *input_shape, device="meta")
    rows = []
    for one in modules:
        macs: list[int] = []

        def note(part: Any, _inputs: Any, made: torch.Tensor, macs: list[int] = macs) -> None:
            macs.append(part.weight.numel() * made[0, 0].numel())

        for part in one.modules():
            if isinstance(part, (nn.Conv2d, nn.Linear)):
                part.register_forward_hook(note)
        elements = elements_made(one, x, HAS_OUTPUT)
        macs.clear()
        x = one(x)
        parameters = sum(weight.numel() for weight in one.parameters())
        row = {"output_shape": list(x.shape[1:]), "parameters": parameters, "macs": sum(macs)}
        rows.append({**row, "activations": elements})
    return rows


def measured_fields(layers: Layers, channels: int, side: int = 96) -> list[list[int]]:
    """Rows and columns with a gradient from the middle output, for each leading part of a stack.

    Everything is linear with positive weights, so that no gradient vanishes.
    """
    x = image = torch.ones(1, channels, side, side, dtype=torch.float64, requires_grad=True)
    fields = []
    for layer in layers:
        x = _linear(module(layer, x.shape).double())(x)
        middle = x[0, :, x.shape[2] // 2, x.shape[3] // 2].sum()
        (gradient,) = torch.autograd.grad(middle, image, retain_graph=True)
        reached = gradient[0].abs().sum(0).nonzero()
        fields.append((reached.max(0).values - reached.min(0).values + 1).tolist())
    return fields


class Taps(nn.Module):
    """All that a max pooling reads, added up, channel by channel."""

    def __init__(self, pool: nn.MaxPool2d) -> None:
        super().__init__()
        self.pool = pool

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size, one = self.pool.kernel_size, self.pool
        height, width = (size, size) if isinstance(size, int) else size
        ones = torch.ones(x.shape[1], 1, height, width, dtype=x.dtype)
        steps = (one.stride, one.padding, one.dilation)
        return nn.functional.conv2d(x, ones, None, *steps, groups=x.shape[1])


def _linear(one: nn.Module) -> nn.Module:
    for weight in one.parameters():
        nn.init.constant_(weight, 0.05)
    if isinstance(one, nn.MaxPool2d):
        return Taps(one)
    return nn.Identity() if isinstance(one, nn.LocalResponseNorm) else one.eval()
