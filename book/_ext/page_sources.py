"""Which files of the project a page's code depends on, found by reading them, not by running.

Modules: what the code imports, and what that imports in turn, wherever the import stands, with
the ``__init__`` of every package on the way. An ``__init__`` that only gathers names hands on no
more than the names that were asked of it.

Data: the files that lie beside a module in its package; and any file, or folder of nothing but
data, whose path is a string in a module or in such a file, seen from its folder or from one above.

Code that chooses as it runs what to import, or that cannot be read, depends on the whole package.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

CHOOSERS = ("importlib", "pkgutil", "runpy", "__import__")
INSTALLED = "importlib.metadata"  # asks about libraries, imports nothing
PATH = re.compile(r"[\w./-]+")
QUOTED = re.compile(rb"""["']([\w./-]+)["']""")


class Asked(NamedTuple):
    """A name that is imported from a module; ``*`` is all that it holds."""

    module: Path
    name: str = "*"


class UnknowableError(Exception):
    """What the code needs cannot be told from its text."""


class PageSources:
    """The files of one project, each read once.

    Args:
        root: the folder that the project's packages are imported from.
        package: the package that pages import.
    """

    def __init__(self, root: Path, package: str = "convbook") -> None:
        """Remember where things are; nothing is read yet."""
        self.root = root.resolve()
        self.package = self.root / package
        self._needs = cache(self._read_needs)
        self._gathered = cache(_gathered)
        self._hash = cache(_hash)

    def digest(self, code: str, folder: Path) -> str:
        """Return a hash of ``code`` and of the names and bytes of all files behind it."""
        digest = hashlib.sha256(code.encode())
        for path in sorted(self.behind(code, folder)):
            digest.update(path.relative_to(self.root).as_posix().encode() + b"\0")
            digest.update(self._hash(path))
        return digest.hexdigest()

    def behind(self, code: str, folder: Path) -> set[Path]:
        """Return the files that ``code``, run in ``folder``, depends on."""
        found: set[Path | Asked] = set()
        try:
            waiting = self._needs_of_code(code, folder.resolve() / "page.py")
            while waiting:
                item = waiting.pop()
                if item not in found:
                    found.add(item)
                    waiting += self._needs(item)
        except UnknowableError:
            found |= set(_files(self.package))
        return {item for item in found if isinstance(item, Path)}

    def _read_needs(self, item: Path | Asked) -> list[Path | Asked]:
        if isinstance(item, Asked):
            return [item.module, *self._handed_on(item)]
        if item.suffix != ".py":
            words = {word.decode(errors="ignore") for word in QUOTED.findall(item.read_bytes())}
            return [*self._named(words, item)]
        gathers = self._gathered(item) is not None
        needs = [] if gathers else self._needs_of_code(item.read_bytes(), item)
        return [*needs, *_data_beside(item)]

    def _handed_on(self, asked: Asked) -> Iterator[Path | Asked]:
        for statement in self._gathered(asked.module) or []:
            for alias in statement.names:
                if asked.name in ("*", alias.asname or alias.name):
                    yield from self._from(statement, alias.name, asked.module)

    def _needs_of_code(self, code: str | bytes, path: Path) -> list[Path | Asked]:
        """Return what ``code`` imports and names; ``path`` is where it stands."""
        needs: list[Path | Asked] = []
        words = set()
        for node in ast.walk(_parsed(code)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    needs += map(Asked, self._way_to(alias.name, path))
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    needs += self._from(node, alias.name, path)
            elif isinstance(node, ast.Name):
                _know(node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
        return [*needs, *self._named(words, path)]

    def _from(self, statement: ast.ImportFrom, name: str, path: Path) -> Iterator[Path | Asked]:
        package = path.relative_to(self.root).parts[: -statement.level] if statement.level else ()
        module = ".".join([*package, *filter(None, [statement.module])])
        yield from self._way_to(module, path)
        if file := self._file(module, path):
            yield Asked(file, name)
        if file := self._file(f"{module}.{name}", path):
            yield Asked(file)

    def _way_to(self, module: str, path: Path) -> Iterator[Path]:
        """Yield the files of ``module`` and of every package above it."""
        _know(module)
        steps = accumulate(module.split("."), "{}.{}".format)
        yield from filter(None, (self._file(step, path) for step in steps))

    def _file(self, module: str, path: Path) -> Path | None:
        """Return the file of a module of the project that code at ``path`` can import."""
        for folder in (path.parent, self.root):
            place = folder.joinpath(*module.split("."))
            for file in (place / "__init__.py", place.with_name(f"{place.name}.py")):
                if file.is_file():
                    return file
        return None

    def _named(self, words: Iterable[str], path: Path) -> Iterator[Path]:
        """Yield the files that a word is the path of, seen from ``path``."""
        above = path.parents[: path.parents.index(self.root)] or [self.root]
        for word in filter(PATH.fullmatch, words):
            for folder in above:
                if not os.path.exists(folder / word):  # calm about what can be no path at all
                    continue
                place = (folder / word).resolve()
                if not place.is_relative_to(self.root) or path.is_relative_to(place):
                    continue
                if place.is_file():
                    yield place
                elif place.is_dir() and not any(place.rglob("*.py")):
                    yield from _files(place)


def _parsed(code: str | bytes) -> ast.Module:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError) as error:
        raise UnknowableError(str(error)) from error


def _know(name: str) -> None:
    if name.split(".")[0] in CHOOSERS and not name.startswith(INSTALLED):
        raise UnknowableError(f"{name} imports what only the run tells")


def _gathered(path: Path) -> list[ast.ImportFrom] | None:
    """Return the imports of an ``__init__`` that does nothing else; None where it does more."""
    if path.name != "__init__.py":
        return None
    imports = []
    for node in _parsed(path.read_bytes()).body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
            imports.append(node)
        elif not _is_silent(node):
            return None
    return imports


def _is_silent(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        return [ast.unparse(target) for target in node.targets] == ["__all__"]
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _data_beside(path: Path) -> list[Path]:
    """Return the data files in the folder of a module that belongs to a package."""
    if not path.with_name("__init__.py").is_file():
        return []
    return [file for file in path.parent.iterdir() if _counts(file) and file.suffix != ".py"]


def _files(folder: Path) -> list[Path]:
    return list(filter(_counts, folder.rglob("*")))


def _counts(path: Path) -> bool:
    return path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")


def _hash(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
