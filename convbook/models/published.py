"""Published weights of VGG, from a file."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from convbook.models.names import renamed
from convbook.models.vgg import VGG

# Of each colour channel over ImageNet's training images scaled to [0, 1], as torchvision has them.
IMAGENET_MEANS = (0.485, 0.456, 0.406)
IMAGENET_DEVIATIONS = (0.229, 0.224, 0.225)


class Normalize(nn.Module):
    """Subtract a mean from each channel, and divide by a standard deviation.

    Args:
        means: one for each channel.
        deviations: one for each channel.

    >>> layer = Normalize(means=(0.5,), deviations=(0.25,))
    >>> layer(torch.tensor([0.0, 0.5, 1.0]).reshape(1, 1, 1, 3)).flatten().tolist()
    [-2.0, 0.0, 2.0]
    """

    means: Tensor
    deviations: Tensor

    def __init__(
        self,
        means: tuple[float, ...] = IMAGENET_MEANS,
        deviations: tuple[float, ...] = IMAGENET_DEVIATIONS,
    ) -> None:
        """Keep the numbers with the weights, untrained."""
        super().__init__()
        self.register_buffer("means", torch.tensor(means)[:, None, None])
        self.register_buffer("deviations", torch.tensor(deviations)[:, None, None])

    def forward(self, x: Tensor) -> Tensor:
        """Normalise images ``(N, C, H, W)``."""
        return (x - self.means) / self.deviations


def load_published(path: Path | str, **options: Any) -> nn.Sequential:
    """Return a `VGG` with the weights of a file, behind the `Normalize` that they expect.

    Args:
        path: a state dict with torchvision's names (``features.0.weight``, …): ``.safetensors``,
            or ``.pth`` as `torch.save` writes it, read without running code from it.
        options: of `VGG`, such as ``depth`` and ``batch_norm``; VGG-16 without them.

    Returns:
        A network that takes images in [0, 1], in evaluation mode, its weights float32.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file holds no state dict, or one that does not fit the network; the
            message names the first misfit.
    """
    state = read_state(path)
    with torch.device("meta"):
        model = VGG(**options)
    names = renamed([*state], [*model.state_dict()])
    state = {names[name]: tensor for name, tensor in state.items()}
    misfit = first_misfit(state, model.state_dict())
    if misfit:
        raise ValueError(f"{path} does not fit {_said(options)}: {misfit}")
    # The meta device holds no weights: those of the file take their places.
    model.load_state_dict(state, assign=True)
    return nn.Sequential(OrderedDict(normalize=Normalize(), vgg=model)).eval()


def read_state(path: Path | str) -> dict[str, Tensor]:
    """Return a file's tensors by name, floating-point ones as float32.

    Errors are those of `load_published`.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: give the path of a .safetensors or .pth")
    try:
        if path.suffix == ".safetensors":
            state = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, OSError) as error:
        raise ValueError(f"{path} cannot be read as weights: {error}") from error
    if not isinstance(state, dict) or not all(isinstance(t, Tensor) for t in state.values()):
        raise ValueError(
            f"{path} must hold a state dict, tensors by name: save model.state_dict(), not the "
            "model or a checkpoint with more in it"
        )
    return {
        name: tensor.float() if tensor.is_floating_point() else tensor
        for name, tensor in state.items()
    }


def first_misfit(state: dict[str, Tensor], expected: dict[str, Tensor]) -> str | None:
    """Return in words the first tensor that is missing, of another shape or too many.

    >>> first_misfit({"a": torch.zeros(2)}, {"a": torch.zeros(2, 3)})
    'a has shape (2,), but the network takes (2, 3)'
    """
    for name, tensor in expected.items():
        if name not in state:
            return f"{name} is missing"
        if state[name].shape != tensor.shape:
            shape, right = tuple(state[name].shape), tuple(tensor.shape)
            return f"{name} has shape {shape}, but the network takes {right}"
    extra = [name for name in state if name not in expected]
    return f"{extra[0]} is not part of the network" if extra else None


def _said(options: dict[str, Any]) -> str:
    return f"VGG({', '.join(f'{name}={value!r}' for name, value in options.items())})"
