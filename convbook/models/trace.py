"""Following one run of a network: what each layer makes, its work, and how far it sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from convbook.models.layouts import Pair
from convbook.models.reach import EVERYTHING, ITSELF, Reach, reach_after
from convbook.models.work import Work

_CHANGING = ("setitem", "index_put", "copy", "set_")  # they change a tensor and may return none


@dataclass
class Call:
    """One call of a layer, of one image.

    Args:
        name: as in ``model.named_modules()``.
        layer: the module.
        input_shape: of the tensor it was given, without N.
        output_shape: of the tensor it made, without N.
        output_bytes: of that tensor.
        macs: multiply-accumulates of its convolutions and products of matrices; None where it
            does something whose work is not known.
        reach: what one output depends on; None for everything.
    """

    name: str
    layer: nn.Module
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...] = ()
    output_bytes: int = 0
    macs: int | None = 0
    reach: Reach | None = EVERYTHING

    @property
    def receptive_field(self) -> Pair | None:
        """Rows and columns of the input that one output depends on; None for all."""
        return self.reach.size if self.reach else None


class Trace(TorchFunctionMode):
    """The calls of the modules it watches, while it is entered.

    Args:
        image: the network's input.
    """

    def __init__(self, image: Tensor) -> None:
        """Start with no call."""
        super().__init__()
        self.work = Work()
        self.calls: list[Call] = []
        self.running: list[Call] = []
        # Tensors by id; they are kept so that no later one can take an id over.
        self.seen: dict[int, tuple[Tensor, Reach | None]] = {id(image): (image, ITSELF)}

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Run a function of PyTorch, and note how far its output sees."""
        kwargs = kwargs or {}
        output = func(*args, **kwargs)
        name = getattr(func, "__name__", "").strip("_")
        inputs = [self.seen[id(one)] for one in tensors((args, kwargs)) if id(one) in self.seen]
        made = [*tensors(output)] if inputs else []
        if inputs and name in _CHANGING:
            self.seen[id(args[0])] = (args[0], EVERYTHING)
        for one in made:
            self.seen[id(one)] = (one, reach_after(name, args, kwargs, inputs, one))
        return output

    def watch(self, name: str, module: nn.Module) -> None:
        """Note every call of ``module``; of one that is no layer only if it does work itself."""
        before: list[tuple[int, int]] = []

        def begin(_: nn.Module, inputs: Any) -> None:
            shape = next((tuple(one.shape[1:]) for one in tensors(inputs)), ())
            self.running.append(Call(name, module, shape))
            before.append((self.work.macs, len(self.work.unknown)))

        def end(_: nn.Module, __: Any, made: Any) -> None:
            call = self.running.pop()
            self._note_work(call, *before.pop())
            for output in islice(tensors(made), 1):
                call.output_shape, call.output_bytes = tuple(output.shape[1:]), output.nbytes
                call.reach = self.seen.get(id(output), (output, EVERYTHING))[1]
            if _is_layer(module) or call.macs != 0:
                self.calls.append(call)

        module.register_forward_pre_hook(begin)
        module.register_forward_hook(end)

    def _note_work(self, call: Call, macs: int, unknown: int) -> None:
        """Give a call the work since it began, and take that away from what runs around it."""
        call.macs = self.work.macs - macs if len(self.work.unknown) == unknown else None
        self.work.macs = macs
        del self.work.unknown[unknown:]


def trace(model: nn.Module, input_shape: tuple[int, ...]) -> tuple[list[Call], Tensor]:
    """Run a weightless copy of ``model`` on one image: return its layers' calls, and its output.

    Layers are modules without modules inside, or with weights of their own; a module that
    multiplies matrices between its layers is among the calls, too. Of several outputs the first
    is returned. The copy lies on
    the meta device, in evaluation mode and without hooks: it costs no memory, computes nothing,
    and leaves the model as it is.

    Args:
        model: any module for images ``(N, C, H, W)``.
        input_shape: ``(C, H, W)``.

    Raises:
        ValueError: a layer refuses what it is given, and the message names it; or the network
            gives no tensor.
    """
    copy = meta_copy(model)
    dtype = next((one.dtype for one in copy.parameters()), torch.float32)
    with torch.device("meta"), torch.no_grad():
        image = torch.empty(1, *input_shape, dtype=dtype)
        run = Trace(image)
        for name, module in copy.named_modules():
            run.watch(name, module)
        try:
            with run, run.work:
                made = copy(image)
        except (RuntimeError, ValueError, IndexError) as error:
            raise ValueError(_refusal(run, image, model, error)) from error
    output = next(tensors(made), None)
    if output is None:
        kind = type(model).__name__
        raise ValueError(f"model (={kind}) must return a tensor, or several in a tuple or dict")
    return run.calls, output


def meta_copy(model: nn.Module) -> nn.Module:
    """Return a copy of ``model`` on the meta device, in evaluation mode, without hooks.

    >>> meta_copy(nn.Linear(2, 3)).weight.device
    device(type='meta')
    """
    memo: dict[int, Any] = {id(one): one.detach().to("meta") for one in _kept_tensors(model)}
    for weight in model.parameters():
        memo[id(weight)] = nn.Parameter(weight.detach().to("meta"), weight.requires_grad)
    copy = deepcopy(model, memo).eval()
    for module in copy.modules():
        module._forward_hooks.clear()
        module._forward_pre_hooks.clear()
    return copy


def _kept_tensors(model: nn.Module) -> Iterator[Tensor]:
    """Yield the buffers, and what else modules keep: a last map, the weights that pruning made."""
    yield from model.buffers()
    for module in model.modules():
        yield from tensors(vars(module))


def tensors(values: Any) -> Iterator[Tensor]:
    """Yield the tensors in a nest of tuples, lists and mappings.

    >>> len(list(tensors(([torch.zeros(1)], {"stride": 2, "input": torch.zeros(1)}))))
    2
    """
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, (tuple, list, dict)):
        for value in values.values() if isinstance(values, dict) else values:
            yield from tensors(value)


def _is_layer(module: nn.Module) -> bool:
    if isinstance(module, nn.Sequential | nn.Identity):
        return False
    holds_others = next(module.children(), None) is not None
    return not holds_others or next(module.parameters(recurse=False), None) is not None


def _refusal(run: Trace, image: Tensor, model: nn.Module, error: Exception) -> str:
    where = f"{type(model).__name__} refuses it: {error}"
    layers = [call for call in run.running if _is_layer(call.layer)]
    if layers:
        call = layers[-1]
        kind = type(call.layer).__name__
        where = f"{call.name or 'the network'} ({kind}), given {call.input_shape}, "
        where += _rule(call, error)
    return (
        f"input_shape (={tuple(image.shape[1:])}) does not fit: {where}: use the shape that the "
        "network was built for, or build it for this one"
    )


def _rule(call: Call, error: Exception) -> str:
    layer, shape = call.layer, call.input_shape
    if isinstance(layer, nn.Conv2d) and shape[:1] != (layer.in_channels,):
        return f"takes in_channels={layer.in_channels}"
    if isinstance(layer, nn.Linear) and shape[-1:] != (layer.in_features,):
        return f"takes in_features={layer.in_features}"
    return f"fails: {error}"
