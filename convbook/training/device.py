"""Where a network computes, and in which numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from convbook.data.dataset import Dataset

Precision = Literal["auto", "float32", "bfloat16", "float16"]

PRECISIONS: tuple[Precision, ...] = get_args(Precision)


@dataclass(frozen=True)
class Compute:
    """A device, the dtype of the heavy arithmetic there, and the order of channels in memory.

    Args:
        device: where models and batches go.
        dtype: of convolutions and dense layers; weights and losses stay float32.
        channels_last: whether the channels of a cell lie side by side, as CUDA's kernels like it.
        fast: whether CUDA may round factors of float32 products to ten bits of mantissa (TF32),
            and try several kernels of a convolution to keep the fastest.
    """

    device: torch.device
    dtype: torch.dtype = torch.float32
    channels_last: bool = False
    fast: bool = False

    @classmethod
    def choose(
        cls,
        device: str | torch.device = "auto",
        precision: Precision = "auto",
        channels_last: bool | Literal["auto"] = "auto",
    ) -> Compute:
        """Return what is asked for; ``"auto"`` is what is fast and safe on the device.

        That is bfloat16, channels last and `fast` on CUDA, float32 elsewhere.

        Raises:
            ValueError: the device is not there, or the precision is not known.

        >>> Compute.choose("cpu").dtype
        torch.float32
        """
        place = resolve_device(device)
        if precision not in PRECISIONS:
            raise ValueError(f"precision (={precision!r}) must be one of {', '.join(PRECISIONS)}")
        cuda, dtype = place.type == "cuda", torch.float32
        if precision != "auto":
            dtype = getattr(torch, precision)
        elif cuda and torch.cuda.is_bf16_supported():
            dtype = torch.bfloat16
        last = cuda if channels_last == "auto" else channels_last
        return cls(place, dtype, last, fast=cuda and precision == "auto")

    @property
    def memory_format(self) -> torch.memory_format:
        """The order of channels as PyTorch names it."""
        return torch.channels_last if self.channels_last else torch.contiguous_format

    def autocast(self) -> torch.autocast:
        """Return the context in which a forward pass computes in the dtype."""
        mixed = self.dtype != torch.float32
        return torch.autocast(self.device.type, self.dtype if mixed else None, enabled=mixed)

    def scaler(self) -> torch.amp.GradScaler:
        """Return what keeps small gradients above zero in float16; elsewhere it does nothing."""
        return torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)

    def place(self, model: nn.Module) -> None:
        """Move a model to the device."""
        model.to(self.device)
        if self.channels_last:
            model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def move(self, data: Dataset) -> Dataset:
        """Return the data on the device, or as it is where it would fill half of CUDA's memory."""
        splits = data.splits.values()
        size = sum(split.images.nbytes for split in splits if isinstance(split.images, Tensor))
        if self.device.type == "cuda" and size > torch.cuda.mem_get_info(self.device)[0] / 2:
            return data
        return data.to(self.device)

    def batch(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Return a batch on the device; free where it is there already."""
        images = images.to(self.device, memory_format=self.memory_format, non_blocking=True)
        return images, labels.to(self.device, non_blocking=True)

    @contextmanager
    def switches(self) -> Iterator[None]:
        """Set CUDA's global switches, and put them back at the end."""
        matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
        before = matmul.fp32_precision, cudnn.benchmark
        try:
            if self.fast:
                matmul.fp32_precision, cudnn.benchmark = "tf32", True
            yield
        finally:
            matmul.fp32_precision, cudnn.benchmark = before


def resolve_device(name: str | torch.device = "auto") -> torch.device:
    """Return a device of this machine.

    Args:
        name: ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"`` and so on, or ``"auto"``: the
            accelerator where there is one, else the processor.

    Raises:
        ValueError: this machine has no such device.

    >>> resolve_device("cpu")
    device(type='cpu')
    """
    accelerator = torch.accelerator.current_accelerator(check_available=True)
    if str(name) == "auto":
        return accelerator or torch.device("cpu")
    there = ["cpu"]
    if accelerator is not None:
        count = torch.accelerator.device_count()
        there += [accelerator.type, *(f"{accelerator.type}:{index}" for index in range(count))]
    if str(name) not in there:
        raise ValueError(
            f"device (={str(name)!r}) is not on this machine, which has {', '.join(there)}: "
            "use one of those, or auto"
        )
    return torch.device(name)
