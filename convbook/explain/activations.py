"""What the layers of a network give: their outputs for some images, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from typing import Any

from torch import Tensor, nn

from convbook.explain.probing import as_input, probing


def activations(model: nn.Module, images: Tensor, layers: str | Iterable[str]) -> dict[str, Tensor]:
    """Return what some layers of ``model`` give for ``images``, in evaluation mode.

    Args:
        model: takes images of shape ``(N, C, H, W)``; it is left as it was.
        images: shape ``(N, C, H, W)``, floating point.
        layers: one name or several, as in ``model.named_modules()``.

    Returns:
        The output of each layer, such as ``(N, channels, H', W')``, by name; that of the last
        call where a layer is called more than once.

    Raises:
        ValueError: there is no such layer, or the model does not call it.

    >>> import torch
    >>> model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU())
    >>> activations(model, torch.zeros(2, 1, 5, 5), "0")["0"].shape
    torch.Size([2, 4, 3, 3])
    """
    names = [layers] if isinstance(layers, str) else list(layers)
    with probing(model, gradients=False), recording(model, names) as outputs:
        model(as_input(model, images))
    return {name: outputs[name] for name in names}


@contextmanager
def recording(model: nn.Module, layers: Iterable[str]) -> Iterator[dict[str, Tensor]]:
    """Collect what ``layers`` give while the block runs the model, gradients included.

    Yields:
        The outputs by name: filled while the model runs, to be read after the block.

    Raises:
        ValueError: there is no such layer, or the block did not make the model call it.
    """
    modules = {name: find_layer(model, name) for name in layers}
    outputs: dict[str, Tensor] = {}
    handles = [
        module.register_forward_hook(partial(_keep, outputs, name))
        for name, module in modules.items()
    ]
    try:
        yield outputs
    finally:
        for handle in handles:
            handle.remove()
    for name in modules:
        if name not in outputs:
            raise ValueError(f"layer {name!r} is part of the model, which never calls it")


def find_layer(model: nn.Module, name: str) -> nn.Module:
    """Return the layer called ``name`` in ``model.named_modules()``; ``""`` is the model itself.

    Raises:
        ValueError: there is none; the message lists those there are, the nearest first.

    >>> find_layer(nn.Sequential(nn.Flatten(), nn.ReLU()), "1")
    ReLU()
    """
    known: dict[str, nn.Module] = dict(model.named_modules(remove_duplicate=False))
    if name in known:
        return known[name]
    near = get_close_matches(name, filter(None, known))
    rest = [other for other in known if other and other not in near]
    raise ValueError(f"there is no layer {name!r}: use one of {', '.join([*near, *rest])}")


def layer_names(model: nn.Module, kind: type[nn.Module] = nn.Conv2d) -> list[str]:
    """Return the names of the layers of one kind, in the order in which the model holds them.

    >>> layer_names(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Conv2d(4, 8, 3)))
    ['0', '2']
    """
    return [name for name, module in model.named_modules() if isinstance(module, kind)]


def _keep(
    outputs: dict[str, Tensor], name: str, layer: nn.Module, _: Any, output: object
) -> Tensor:
    if not isinstance(output, Tensor):
        raise ValueError(
            f"layer {name!r} gives a {type(output).__name__}, not a tensor: "
            "use a layer inside it or after it"
        )
    outputs[name] = output
    return output.clone()  # for the rest of the model, which may work in place
