"""The library folder of the jail: just the packages that student code may import.

The folder holds hard links (copies, across file systems) to the installed files of the named
distributions and of everything they require, so that torch, SciPy, scikit-image and the
course's own code are not merely forbidden in the jail: they are not there. Of the course it has
copies of what shows the visible tests of a notebook. Compiled files name the path of their source,
which is in the environment of the course: they are copies with another.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import shutil
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import MAGIC_NUMBER, source_from_cache
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from types import CodeType

import platformdirs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import convbook

FLAVOURS = {
    "numpy": ("ipykernel", "numpy", "matplotlib"),
    "torch": ("ipykernel", "numpy", "matplotlib", "torch"),
}
LEFT_OUT = {"debugpy"}  # a debugger would only slow the start of each kernel
COURSE = ("__init__.py", "visible_tests.py")  # of convbook, which has the answers elsewhere
IN_JAIL = PurePosixPath("/libraries")  # where the jail has the folder
FORM = "3"  # changes with what this module puts into a folder
HEADER_BYTES = 16  # of a compiled file: version, flags, time and size of its source
# What the kernel server imports once, so that no kernel has to.
_OURS = ("isolation", "kernel")
_KERNEL = (
    *("ipykernel.debugger", "tornado.platform.asyncio", "IPython.core.completerlib"),
    *("IPython.core.oinspect", "IPython.core.logger", "IPython.extensions.storemagic"),
)
_TRACEBACKS = ("stack_data", "pygments.formatters.terminal256", "pygments.styles.default")
# Not its inline backend: that joins the shell when it is imported, so the shell comes first.
_PLOTS = ("numpy.random", "matplotlib.pyplot", "matplotlib.backends.backend_agg")
_TESTS = ("convbook.visible_tests",)
PRELOAD = {
    "numpy": (*_OURS, *_KERNEL, *_TRACEBACKS, *_PLOTS, *_TESTS),
    "torch": (*_OURS, *_KERNEL, *_TRACEBACKS, *_PLOTS, *_TESTS, "torch"),
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
    found, course = closure(FLAVOURS[flavour]), _course_files()
    parts = [FORM, sys.version, *(f"{d.name}=={d.version} {d.locate_file('')}" for d in found)]
    parts += course.values()
    name = f"{flavour}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:16]}"
    cache = Path(platformdirs.user_cache_dir("convbook")) / "jail"
    if not (cache / name).is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _build(found, course, cache / name)
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


def _course_files() -> dict[str, str]:
    """Return the text of each file of the course's own that the jail has a copy of."""
    folder = Path(convbook.__path__[0])
    return {name: (folder / name).read_text(encoding="utf-8") for name in COURSE}


def _build(distributions: list[Distribution], course: dict[str, str], folder: Path) -> None:
    """Fill ``folder`` beside its final place, then move it there in one step."""
    part = Path(mkdtemp(dir=folder.parent, prefix="part-"))
    part.chmod(0o755)
    for found in distributions:
        for file in found.files or []:
            if _wanted(file):
                _put(Path(str(found.locate_file(file))), part, file)
    (part / convbook.__name__).mkdir()
    for name, text in course.items():
        (part / convbook.__name__ / name).write_text(text, encoding="utf-8")
    try:
        part.rename(folder)
    except OSError:  # another process was first
        shutil.rmtree(part)


def _wanted(file: PurePosixPath) -> bool:
    """Leave out scripts outside the library folder, what only compilers read, and origins."""
    return ".." not in file.parts and "include" not in file.parts and file.name != "direct_url.json"


def _put(source: Path, folder: Path, file: PurePosixPath) -> None:
    if not source.is_file():
        return
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".pyc":
        _put_compiled(source, target, file)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)  # with its time: compiled files stay valid


def _put_compiled(source: Path, target: Path, file: PurePosixPath) -> None:
    data = source.read_bytes()
    if not data.startswith(MAGIC_NUMBER):  # compiled by another Python, which is not in the jail
        return
    named = str(IN_JAIL / (source_from_cache(file) if "__pycache__" in file.parts else file))
    code = _renamed(marshal.loads(data[HEADER_BYTES:]), named)
    target.write_bytes(data[:HEADER_BYTES] + marshal.dumps(code))


def _renamed(code: CodeType, path: str) -> CodeType:
    """Return ``code``, and every function in it, as compiled from ``path``."""
    parts = [_renamed(c, path) if isinstance(c, CodeType) else c for c in code.co_consts]
    return code.replace(co_filename=path, co_consts=tuple(parts))
