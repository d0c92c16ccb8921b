"""Where names get their values: the imports, assignments and definitions of a piece of code."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.grading.scan.syntax import code_in_text

STAR = "*"  # the name of all that ``from numpy import *`` brings
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor)
PERHAPS = (ast.If, ast.While, ast.Try, ast.TryStar, ast.Match, *LOOPS)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(eq=False)
class Binding:
    """One place that gives a name a value.

    Args:
        name: which.
        line: of its cell.
        value: an imported name in full, the expression that is assigned, or nothing known.
        parts: what whoever uses the name may use with it.
        certain: whether it is carried out for sure, so that what stood before is gone.
        cell: the key of its cell.
        place: counts the bindings of the notebook.
    """

    name: str
    line: int
    value: ast.expr | str | None = None
    parts: tuple[ast.AST, ...] = ()
    certain: bool = True
    cell: str = ""
    place: int = 0


@dataclass(eq=False)
class Scope:
    """The names of a function, a class or the notebook, and the scope around it."""

    outer: Scope | None = None
    names: dict[str, list[Binding]] = field(default_factory=dict)
    is_class: bool = False

    def add(self, binding: Binding) -> None:
        """Note a binding, behind those that are known."""
        self.names.setdefault(binding.name, []).append(binding)


def bindings(statements: Sequence[ast.AST]) -> Iterator[Binding]:
    """Yield the bindings of ``statements`` in order, without those inside of functions."""
    waiting = [(node, True) for node in reversed(statements)]
    while waiting:
        node, certain = waiting.pop()
        for binding in _bound(node):
            binding.certain = binding.certain and certain
            yield binding
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            continue
        certain = certain and not isinstance(node, PERHAPS)
        inner = [*ast.iter_child_nodes(node), *code_in_text(node)]
        waiting += [(child, certain) for child in reversed(inner)]


def _bound(node: ast.AST) -> Iterator[Binding]:
    """Yield what ``node`` itself binds."""
    match node:
        case ast.Import() | ast.ImportFrom():
            yield from _imported(node)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield Binding(node.name, node.lineno, parts=(node,))
        case ast.Assign():
            for target in node.targets:
                yield from _assigned(target, node.value)
        case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
            yield from _assigned(node.target, value)
        case ast.AugAssign():
            yield from _assigned(node.target, node.value, certain=False)
        case ast.For() | ast.AsyncFor():
            yield from _assigned(node.target, node.iter, known=False)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _assigned(target, node.context_expr, known=False)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield Binding(name, node.lineno)
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield Binding(name, node.lineno)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            first = alias.name.partition(".")[0]
            yield Binding(alias.asname or first, node.lineno, alias.name if alias.asname else first)
        elif node.module and not node.level:
            path = node.module if alias.name == STAR else f"{node.module}.{alias.name}"
            certain = alias.name != STAR
            yield Binding(alias.asname or alias.name, node.lineno, path, certain=certain)


def _assigned(
    target: ast.expr, value: ast.expr, certain: bool = True, known: bool = True
) -> Iterator[Binding]:
    """Yield what an assignment binds; ``known`` is whether the value is that of the target."""
    waiting = [(target, value, known)]
    while waiting:
        target, value, known = waiting.pop()
        match target:
            case ast.Name():
                found = value if known else None
                yield Binding(target.id, target.lineno, found, (value,), certain)
            case ast.Tuple() | ast.List():
                waiting += reversed(_pairs(target.elts, value, known))
            case ast.Starred():
                waiting.append((target.value, value, False))
            case ast.Attribute() | ast.Subscript():  # changes what a name stands for
                root = _root(target)
                if isinstance(root, ast.Name):
                    yield Binding(root.id, target.lineno, None, (value,), certain=False)


def _pairs(
    targets: Sequence[ast.expr], value: ast.expr, known: bool
) -> list[tuple[ast.expr, ast.expr, bool]]:
    same = known and isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets)
    starred = any(isinstance(part, ast.Starred) for part in targets)
    if same and not starred and isinstance(value, ast.Tuple | ast.List):
        return [(one, part, True) for one, part in zip(targets, value.elts, strict=True)]
    return [(one, value, False) for one in targets]


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node


def function_scope(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, around: Scope
) -> Scope:
    """Return the scope of a function: its parameters, with their defaults, and its own names."""
    scope = Scope(around.outer if around.is_class else around)
    given = node.args
    named = [*given.posonlyargs, *given.args]
    defaults: dict[str, ast.expr | None] = {arg.arg: None for arg in [*named, *given.kwonlyargs]}
    late = named[len(named) - len(given.defaults) :]
    defaults |= {arg.arg: value for arg, value in zip(late, given.defaults, strict=True)}
    pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    defaults |= {arg.arg: value for arg, value in pairs}
    defaults |= {arg.arg: None for arg in (given.vararg, given.kwarg) if arg}
    for name, value in defaults.items():
        scope.add(Binding(name, node.lineno, value))
    body = node.body if isinstance(node.body, list) else [node.body]
    elsewhere = globals_of(body)
    for binding in bindings(body):
        if binding.name not in elsewhere:
            scope.add(binding)
    return scope


def globals_of(body: Sequence[ast.AST]) -> set[str]:
    """Return the names that a function takes from around it by ``global`` or ``nonlocal``."""
    found: set[str] = set()
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Global | ast.Nonlocal):
            found.update(node.names)
        elif not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(node)
    return found


def loop_scope(node: ast.expr, around: Scope) -> Scope:
    """Return the scope of a comprehension: the names that its loops give values to."""
    scope = Scope(around)
    for loop in getattr(node, "generators", []):
        for binding in _assigned(loop.target, loop.iter, known=False):
            scope.add(Binding(binding.name, binding.line))
    return scope
