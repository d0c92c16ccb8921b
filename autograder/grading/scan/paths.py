"""Which names of libraries an expression may be, such as ``numpy.convolve`` for ``np.convolve``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from autograder.grading.scan.names import (
    FUNCTIONS,
    STAR,
    Binding,
    Scope,
    bindings,
    globals_of,
)
from autograder.grading.scan.syntax import TooMuch, text_of

STEPS = 300_000  # that reading one function may take
DEPTH = 30  # of aliases of aliases
NAMES = "<names>"  # a dictionary of the notebook's own names
GETTER = "<attribute>"  # a function that returns an attribute
DICT = ".__dict__"
MODULES = ("builtins.__import__", "importlib.import_module", "importlib.__import__")
NAMESPACES = ("builtins.globals", "builtins.locals", "builtins.vars")
LOOK_UPS = ("get", "__getitem__", "pop")

Found = frozenset[str]
NOTHING: Found = frozenset()


class Notebook:
    """All names of a notebook, in the order of its cells."""

    def __init__(self, cells: Mapping[str, Sequence[ast.stmt]]):
        """Read the cells, which come by key and in order."""
        self.scope = Scope()
        self.end: dict[str, int] = {}  # the place behind each cell
        place = 0
        for key, statements in cells.items():
            for binding in (*bindings(statements), *_set_by_functions(statements)):
                place += 1
                binding.cell, binding.place = key, place
                self.scope.add(binding)
            self.end[key] = place + 1
        self.last = place + 1

    def seen(self, name: str, before: int) -> Iterator[Binding]:
        """Yield the bindings that a name may have before a place, the last first."""
        for binding in reversed(self.scope.names.get(name, ())):
            if binding.place < before:
                yield binding
                if binding.certain:
                    return


def _set_by_functions(statements: Sequence[ast.stmt]) -> Iterator[Binding]:
    """Yield what functions give to names of the notebook once somebody calls them."""
    for node in (inner for statement in statements for inner in ast.walk(statement)):
        if isinstance(node, FUNCTIONS) and (names := globals_of(node.body)):
            for binding in bindings(node.body):
                if binding.name in names:
                    binding.certain = False
                    yield binding


def chain(node: ast.Attribute) -> tuple[ast.expr, list[str]]:
    """Return what the attributes are of, and their names.

    Example:
        >>> chain(ast.parse("np.ma.convolve", mode="eval").body)[1]
        ['ma', 'convolve']
    """
    names: list[str] = []
    root: ast.expr = node
    while isinstance(root, ast.Attribute):
        names.append(root.attr)
        root = root.value
    return root, names[::-1]


class Paths:
    """Finds what expressions may be; ``before`` is the place up to which the notebook has run."""

    def __init__(self, notebook: Notebook, before: int):
        """Know nothing yet."""
        self._notebook, self._before, self._steps = notebook, before, 0
        self._known: dict[tuple[Scope, str, int], Found] = {}

    def step(self) -> None:
        """Count one step.

        Raises:
            TooMuch: there were too many.
        """
        self._steps += 1
        if self._steps > STEPS:
            raise TooMuch

    def of(self, node: ast.AST, scope: Scope, before: int, depth: int = DEPTH) -> Found:
        """Return the dotted names of libraries that ``node`` may be."""
        self.step()
        if not depth:
            return NOTHING

        def of(*nodes: ast.AST) -> Found:
            return NOTHING.union(*(self.of(each, scope, before, depth - 1) for each in nodes))

        match node:
            case ast.Name():
                return self._named(node.id, scope, before, depth)
            case ast.Attribute():
                root, names = chain(node)
                return frozenset(".".join((path, *names)) for path in of(root))
            case ast.NamedExpr():
                return of(node.value)
            case ast.IfExp():
                return of(node.body, node.orelse)
            case ast.BoolOp():
                return of(*node.values)
            case ast.Subscript():
                return self._item(of(node.value), text_of(node.slice), before, depth)
            case ast.Call():
                first = of(*node.args[:1])
                texts = [text_of(argument) for argument in node.args[:2]]
                found = (self._call(p, first, texts, before, depth) for p in of(node.func))
                return NOTHING.union(*found)
        return NOTHING

    def local(self, name: str, scope: Scope) -> list[Binding]:
        """Return the bindings of a name in functions and classes; none where it is none of them."""
        inner: Scope | None = scope
        while inner is not None and inner is not self._notebook.scope:
            if name in inner.names:
                return inner.names[name]
            inner = inner.outer
        return []

    def _named(self, name: str, scope: Scope, before: int, depth: int) -> Found:
        key = scope, name, before
        if key not in self._known:
            self._known[key] = NOTHING  # while it is looked for: a name may lead to itself
            self._known[key] = NOTHING.union(*self._values(name, scope, before, depth))
        return self._known[key]

    def _values(self, name: str, scope: Scope, before: int, depth: int) -> Iterator[Found]:
        found = local = self.local(name, scope)
        if not local:
            found = list(self._notebook.seen(name, before))
            scope = self._notebook.scope
        for binding in found:
            self.step()
            if isinstance(binding.value, str):
                yield frozenset({binding.value})
            elif binding.value:
                place = before if local else binding.place
                yield self.of(binding.value, scope, place, depth - 1)
        if not local:
            yield self._everything(name, before, found)

    def _everything(self, name: str, before: int, known: list[Binding]) -> Found:
        """Return what ``name`` may be that no line names: of Python itself, or of a library."""
        since = max((binding.place for binding in known if binding.certain), default=0)
        stars = [star for star in self._notebook.seen(STAR, before) if star.place > since]
        libraries = [str(star.value) for star in stars] + ([] if known else ["builtins"])
        return frozenset(f"{library}.{name}" for library in libraries)

    def _item(self, paths: Found, key: str | None, before: int, depth: int) -> Found:
        """Return what a dictionary of names has under ``key``."""
        found = NOTHING
        for path in paths if key else NOTHING:
            if path.endswith(DICT):
                found |= {f"{path.removesuffix(DICT)}.{key}"}
            elif path == "sys.modules":
                found |= {str(key)}
            elif path == NAMES:
                found |= self._named(str(key), self._notebook.scope, before, depth)
        return found

    def _call(
        self, path: str, first: Found, texts: list[str | None], before: int, depth: int
    ) -> Found:
        """Return what a call of ``path`` gives, where it gives an attribute or a module."""
        text, second = (*texts, None, None)[:2]
        owner, _, last = path.rpartition(".")
        if path == "builtins.getattr" and second:
            return frozenset(f"{one}.{second}" for one in first)
        if path == "builtins.vars" and texts:
            return frozenset(one + DICT for one in first)
        if path in NAMESPACES:
            return frozenset({NAMES})
        if path in MODULES and text:
            return frozenset({text})
        if path == "operator.attrgetter" and text:
            return frozenset({f"{GETTER}.{text}"})
        if path.startswith(GETTER):
            return frozenset(one + path.removeprefix(GETTER) for one in first)
        if last == "__getattribute__" and text:
            return frozenset({f"{owner}.{text}"})
        return self._item(frozenset({owner}), text, before, depth) if last in LOOK_UPS else NOTHING
