"""The multiply-accumulates of what runs, by PyTorch's own formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

# What moves numbers, compares or adds them up: no product of weights, so no work that is counted.
FREE = frozenset(
    (
        *("sum", "mean", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "cumsum"),
        *("var", "std", "var_mean", "linalg_vector_norm", "norm", "_softmax", "_log_softmax"),
        *("native_batch_norm", "_native_batch_norm_legit", "_native_batch_norm_legit_no_training"),
        *("_batch_norm_no_update", "_batch_norm_with_update", "native_layer_norm"),
        *("native_group_norm", "_fused_rms_norm", "max_pool2d_with_indices", "avg_pool2d"),
        *("_adaptive_avg_pool2d", "adaptive_max_pool2d", "max_pool2d", "max_unpool2d"),
        *("avg_pool1d", "avg_pool3d", "max_pool3d_with_indices", "_adaptive_avg_pool3d"),
        *("fractional_max_pool2d", "upsample_nearest2d", "_upsample_nearest_exact2d"),
        *("upsample_bilinear2d", "upsample_bicubic2d", "_upsample_bilinear2d_aa"),
        *("constant_pad_nd", "reflection_pad2d", "replication_pad2d", "pixel_shuffle"),
        *("pixel_unshuffle", "channel_shuffle", "native_channel_shuffle", "im2col", "col2im"),
        *("cat", "stack", "split", "chunk", "index", "index_select", "gather", "scatter", "copy"),
        *("_unsafe_index", "index_put", "index_put_", "index_add", "slice_scatter", "masked_fill"),
        *("clone", "copy_", "_to_copy", "_unsafe_view", "_reshape_alias", "lift_fresh", "alias"),
        *("empty", "empty_like", "empty_strided", "new_empty", "zeros", "zeros_like", "new_zeros"),
        *("ones", "ones_like", "new_ones", "full", "full_like", "arange", "linspace", "eye"),
        *("scalar_tensor", "rand", "rand_like", "randn", "randn_like", "bernoulli", "bernoulli_"),
        *("native_dropout", "sort", "topk", "roll", "flip", "repeat", "tril", "triu", "embedding"),
        *(
            "_weight_norm_interface",
            "_weight_norm",
            "fill_",
            "zero_",
            "_local_scalar_dense",
            "set_",
        ),
        *("resize_", "detach", "_assert_async"),
    )
)


# Products with a vector, which PyTorch has no formula for: which argument has a cell for each.
VECTORS = {"mv": 0, "dot": 0, "vdot": 0, "addmv": 1}


class Work(TorchDispatchMode):
    """Counts while it is entered.

    ``macs`` are those so far, and ``unknown`` the operations whose work has no formula.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.macs = 0
        self.unknown: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        """Run an operation and note its work."""
        output = func(*args, **(kwargs or {}))
        packet = func._overloadpacket
        if packet in flop_registry:
            flops = flop_registry[packet](*args, **(kwargs or {}), out_val=output)
            self.macs += flops // 2  # a product and a sum
        elif packet.__name__ in VECTORS:
            self.macs += args[VECTORS[packet.__name__]].numel()
        elif not _is_free(func, packet.__name__):
            self.unknown.append(packet.__name__)
        return output


def _is_free(func: Any, name: str) -> bool:
    return name in FREE or torch.Tag.pointwise in func.tags or func.is_view
