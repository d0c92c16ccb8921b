"""Tells after a call which of its arguments are not what they were.

A function that puts back what it changed has changed nothing, so there is nothing to gain here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from protocol import BOUNDS, Decoder, Tree, encode, is_tensor

NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
Buffers = Sequence[bytes | memoryview]


def changed(
    part: Mapping[str, Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    buffers: Buffers,
    target: Callable[..., Any],
) -> list[str | int]:
    """Return which arguments of a call have changed: their names, else their numbers from 0.

    Args:
        part: the call as it came, with the trees of its arguments.
        args: what the trees of ``args`` were read as, by now.
        kwargs: what the trees of ``kwargs`` were read as, by now.
        buffers: the bytes of the arrays.
        target: what was called.
    """
    (_, trees), (_, pairs) = part["args"], part["kwargs"]
    places = [n for n, tree in enumerate(trees) if not _is_kept(args[n], tree, buffers)]
    names = _parameters(target) if places else []
    found: list[str | int] = [names[n] if n < len(names) else n for n in places]
    return found + [name for (_, name), tree in pairs if not _is_kept(kwargs[name], tree, buffers)]


def _parameters(target: Callable[..., Any]) -> list[str]:
    """Return what the student calls the arguments that need no name."""
    try:
        known = inspect.signature(target).parameters.values()
        return [parameter.name for parameter in known if parameter.kind in NAMED]
    except Exception:
        return []


def _is_kept(value: Any, tree: Tree, buffers: Buffers) -> bool:
    tag, *rest = tree
    if tag in ("rng", "there"):  # which are made to change
        return True
    if tag in ("list", "tuple"):
        (trees,) = rest
        same = type(value).__name__ == tag and len(value) == len(trees)
        return same and all(map(_is_kept, value, trees, [buffers] * len(trees)))
    if tag == "dict":
        known = {Decoder(buffers, BOUNDS).value(key, BOUNDS.depth): item for key, item in rest[0]}
        return value.keys() == known.keys() and all(
            _is_kept(value[key], item, buffers) for key, item in known.items()
        )
    return _is_kept_leaf(value, tree, buffers)


def _is_kept_leaf(value: Any, tree: Tree, buffers: Buffers) -> bool:
    """Tell whether a value without parts is the same: type, shape, bytes, what it allows."""
    fresh: list[bytes] = []
    (tag, *now), (sent, *before) = encode(value, fresh), tree
    if not fresh:
        return [tag, *now] == [sent, *before]
    *known, place = before
    writable = not isinstance(value, np.ndarray) or value.flags.writeable
    followed = is_tensor(value) and value.requires_grad
    same = tag == sent and now[:-1] == known and fresh[0] == buffers[place]
    return same and writable and not followed
