"""The Python modules of an assignment: those of its folder here, or the one its course brings.

What a course brings travels as text, so a worker on another machine needs no disk of ours.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from autograder.assignments.course import CHECKS, package_of


@cache
def modules_of(assignment: str, own_checks: str | None = None) -> Mapping[str, ModuleType]:
    """Return the modules of ``assignment`` by name; ``checks`` is one of them.

    Args:
        assignment: its id.
        own_checks: the text of the one module that its course brings, in place of the grader's.

    Raises:
        ValueError: what the course brings is no module.
    """
    if own_checks is not None:
        return {"checks": _from_text(assignment, own_checks)}
    package = import_module(f"autograder.assignments.{package_of(assignment)}")
    names = [found.name for found in iter_modules(package.__path__)]
    return {name: import_module(f"{package.__name__}.{name}") for name in names}


def _from_text(assignment: str, text: str) -> ModuleType:
    """Run ``text`` as a module; Python finds it again by a name that no other text has."""
    name = f"{package_of(assignment)}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    module = sys.modules[name] = ModuleType(name)
    file = f"solutions/{assignment}/{CHECKS}"
    try:
        exec(compile(text, file, "exec"), vars(module))
    except Exception as error:
        raise ValueError(f"{file} is no module: {type(error).__name__}: {error}") from error
    return module
