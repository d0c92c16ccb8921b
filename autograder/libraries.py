"""The library folder of the jail: just the packages that student code may import.

The folder holds hard links (copies, across file systems) to the installed files of the named
distributions and of everything they require, so that torch, SciPy, scikit-image and the
course's own code are not merely forbidden in the jail: they are not there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

import platformdirs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FLAVOURS = {
    "numpy": ("ipykernel", "numpy", "matplotlib"),
    "torch": ("ipykernel", "numpy", "matplotlib", "torch"),
}
LEFT_OUT = {"debugpy"}  # a debugger would only slow the start of each kernel
# What the fork server imports once, so that no kernel has to.
_OURS = ("isolation", "kernel", "system_calls")
_KERNEL = (
    *("ipykernel.debugger", "tornado.platform.asyncio", "IPython.core.completerlib"),
    *("IPython.core.oinspect", "IPython.core.logger", "IPython.extensions.storemagic"),
)
_TRACEBACKS = ("stack_data", "pygments.formatters.terminal256", "pygments.styles.default")
# Not its inline backend: that joins the shell when it is imported, so the shell comes first.
_PLOTS = ("numpy.random", "matplotlib.pyplot", "matplotlib.backends.backend_agg")
PRELOAD = {
    "numpy": (*_OURS, *_KERNEL, *_TRACEBACKS, *_PLOTS),
    "torch": (*_OURS, *_KERNEL, *_TRACEBACKS, *_PLOTS, "torch"),
}


def library_folder(flavour: str) -> Path:
    """Return the library folder of ``flavour``, made on first use and kept in the user's cache.

    Args:
        flavour: ``"numpy"`` or ``"torch"``.

    Raises:
        ValueError: there is no such flavour.
    """
    if flavour not in FLAVOURS:
        raise ValueError(f"flavour (={flavour!r}) must be one of {', '.join(FLAVOURS)}")
    found = closure(FLAVOURS[flavour])
    stamp = "\n".join(f"{d.name}=={d.version} {d.locate_file('')}" for d in found)
    name = f"{flavour}-{hashlib.sha256((sys.version + stamp).encode()).hexdigest()[:16]}"
    cache = Path(platformdirs.user_cache_dir("convbook")) / "jail"
    if not (cache / name).is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _build(found, cache / name)
    return cache / name


def closure(roots: Iterable[str]) -> list[Distribution]:
    """Return the installed distributions named by ``roots`` and all they require, by name.

    Raises:
        RuntimeError: one of ``roots`` is not installed.
    """
    found: dict[str, Distribution] = {}
    waiting = [Requirement(root) for root in roots]
    while waiting:
        requirement = waiting.pop()
        key = canonicalize_name(requirement.name)
        if key in found or key in LEFT_OUT:
            continue
        try:
            found[key] = distribution(requirement.name)
        except PackageNotFoundError:
            if requirement.name in roots:
                raise RuntimeError(f"{requirement.name} is not installed: run make") from None
            continue  # an optional requirement that is not needed here
        waiting += [
            needed
            for needed in map(Requirement, found[key].requires or [])
            if needed.marker is None or needed.marker.evaluate({"extra": ""})
        ]
    return [found[key] for key in sorted(found)]


def _build(distributions: list[Distribution], folder: Path) -> None:
    """Fill ``folder`` beside its final place, then move it there in one step."""
    part = Path(mkdtemp(dir=folder.parent, prefix="part-"))
    part.chmod(0o755)
    for found in distributions:
        for file in found.files or []:
            if _wanted(file):
                _link(Path(str(found.locate_file(file))), part / file)
    try:
        part.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(part)


def _wanted(file: PurePosixPath) -> bool:
    """Leave out scripts outside the library folder and what only compilers read."""
    return ".." not in file.parts and "include" not in file.parts


def _link(source: Path, target: Path) -> None:
    if not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)  # with its time: compiled files stay valid
