"""What a trait hands out: lists and dicts that say so when they are changed in place.

A change in place would never reach the page: only an assignment does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn


def frozen(value: Any, name: str | None) -> Any:
    """Return ``value`` with every list, tuple and dict of it as one that cannot be changed.

    They equal plain ones, and a copy of them is plain.

    Args:
        value: anything ready for JSON.
        name: of the trait, for the message.

    >>> import copy
    >>> kernel = frozen([[1, 2]], "kernel")
    >>> plain = copy.deepcopy(kernel)
    >>> plain[0][0] = 5
    >>> kernel == [[1, 2]], plain
    (True, [[5, 2]])
    """
    if isinstance(value, Mapping):
        return FrozenDict(name, {key: frozen(one, name) for key, one in value.items()})
    if isinstance(value, list | tuple):
        return FrozenList(name, [frozen(one, name) for one in value])
    return value


def _refused(method: str) -> Callable[..., NoReturn]:
    def refuse(self: FrozenList | FrozenDict, *_: Any, **__: Any) -> NoReturn:
        name = self.trait
        raise TypeError(
            f"{name} cannot be changed in place ({method}), since the page would not learn of it: "
            f"assign a whole new value, such as changed = copy.deepcopy(widget.{name}), then "
            f"widget.{name} = changed"
        )

    return refuse


class FrozenList(list[Any]):
    """A list that refuses to be changed, and says how it is done instead."""

    def __init__(self, trait: str | None, items: list[Any]) -> None:
        """Hold ``items`` of the trait so called."""
        super().__init__(items)
        self.trait = trait

    def __reduce__(self) -> tuple[type, tuple[list[Any]]]:
        """Make every copy a plain list."""
        return list, (list(self),)


class FrozenDict(dict[Any, Any]):
    """A dict that refuses to be changed, and says how it is done instead."""

    def __init__(self, trait: str | None, items: dict[Any, Any]) -> None:
        """Hold ``items`` of the trait so called."""
        super().__init__(items)
        self.trait = trait

    def __reduce__(self) -> tuple[type, tuple[dict[Any, Any]]]:
        """Make every copy a plain dict."""
        return dict, (dict(self),)


_BOTH = ("__setitem__", "__delitem__", "__ior__", "__iadd__", "__imul__", "clear", "pop")
_LIST = ("append", "extend", "insert", "remove", "reverse", "sort")
_DICT = ("popitem", "setdefault", "update")

for _kind, _methods in ((FrozenList, _BOTH + _LIST), (FrozenDict, _BOTH + _DICT)):
    for _method in _methods:
        if hasattr(_kind, _method):
            setattr(_kind, _method, _refused(_method))
