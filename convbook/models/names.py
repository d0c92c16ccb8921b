"""The names of tensors without what wrappers of PyTorch add to them."""

from __future__ import annotations

COMPILED = "_orig_mod"  # what torch.compile puts between, wherever a module was compiled
PARALLEL = "module"  # what DataParallel and DistributedDataParallel put in front


def plain_name(name: str) -> str:
    """Return the name that a tensor has in a model that is not wrapped.

    >>> plain_name("module._orig_mod.conv1.weight"), plain_name("features._orig_mod.0.bias")
    ('conv1.weight', 'features.0.bias')
    """
    parts = [part for part in name.split(".") if part != COMPILED]
    return ".".join(parts[1:] if parts[0] == PARALLEL and len(parts) > 1 else parts)


def renamed(found: list[str], wanted: list[str]) -> dict[str, str]:
    """Return for each name in ``found`` the one in ``wanted`` that means the same tensor.

    Names that fit stay, and so do those that do not fit for another reason than a wrapper.

    >>> renamed(["_orig_mod.a", "_orig_mod.b"], ["a", "b"])
    {'_orig_mod.a': 'a', '_orig_mod.b': 'b'}
    >>> renamed(["a"], ["module.a"])
    {'a': 'module.a'}
    """
    missing = {plain_name(name): name for name in wanted if name not in found}
    return {name: name if name in wanted else missing.get(plain_name(name), name) for name in found}
