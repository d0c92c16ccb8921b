"""Follows a function of a notebook, and all it refers to, to the names of libraries it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.grading.scan.names import (
    COMPREHENSIONS,
    FUNCTIONS,
    Binding,
    Scope,
    bindings,
    function_scope,
    loop_scope,
)
from autograder.grading.scan.paths import Notebook, Paths, chain
from autograder.grading.scan.syntax import code_in_text

EXPRESSIONS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


@dataclass(frozen=True)
class Use:
    """A name of a library, such as ``numpy.convolve``, and the place that leads to it."""

    path: str
    cell: str
    line: int
    through: str  # the name of the notebook to which that place belongs


@dataclass(frozen=True)
class _Item:
    """Something to read.

    Args:
        node: what.
        scope: where its names are looked for.
        binding: the name of the notebook that it belongs to.
        before: up to which place the notebook has run when this does.
        now: whether this runs once, where it stands, and not whenever a function is called.
        called: whether this is a function of which the notebook keeps only what it once returned.
    """

    node: ast.AST
    scope: Scope
    binding: Binding
    before: int
    now: bool = True
    called: bool = False


class Reader:
    """Reads from one function on, as it is when the notebook has run up to a place."""

    def __init__(self, notebook: Notebook, before: int):
        """Read nothing yet."""
        self._notebook, self._before = notebook, before
        self._paths = Paths(notebook, before)
        self._taken: set[int] = set()
        self._waiting: list[_Item] = []

    def uses(self, function: str) -> Iterator[Use]:
        """Yield what ``function`` leads to.

        Raises:
            TooMuch: it leads too far.
        """
        for binding in self._notebook.seen(function, self._before):
            if isinstance(binding.value, str):
                yield Use(binding.value, binding.cell, binding.line, binding.name)
            self._take(binding)
        while self._waiting:
            item = self._waiting.pop()
            self._paths.step()
            yield from self._uses_of(item)
            self._waiting += reversed(list(self._parts(item)))

    def _take(self, binding: Binding) -> None:
        """Read the parts of a binding, too."""
        self._paths.step()
        for part in binding.parts:
            if id(part) not in self._taken:
                self._taken.add(id(part))
                item = _Item(part, self._notebook.scope, binding, binding.place)
                self._waiting.append(item)

    def _uses_of(self, item: _Item) -> Iterator[Use]:
        node = item.node
        if isinstance(node, EXPRESSIONS) and not item.called:
            for path in sorted(self._paths.of(node, item.scope, item.before)):
                yield Use(path, item.binding.cell, node.lineno, item.binding.name)
        if isinstance(node, ast.Name) and not self._paths.local(node.id, item.scope):
            for binding in self._notebook.seen(node.id, item.before):
                self._take(binding)

    def _parts(self, item: _Item) -> Iterator[_Item]:
        """Yield what is to be read of ``item`` next."""
        node, scope = item.node, item.scope
        part = replace(item, called=False)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from self._parts_of_function(part)
            case ast.ClassDef():
                outside = [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
                yield from (replace(part, node=each) for each in outside)
                inner = Scope(scope, is_class=True)
                for binding in bindings(node.body):
                    inner.add(binding)
                yield from (replace(part, node=each, scope=inner) for each in node.body)
            case ast.Attribute():
                yield replace(item, node=chain(node)[0])
            case ast.Call():
                yield replace(part, node=node.func, called=item.now)
                values = [*node.args, *(k.value for k in node.keywords), *code_in_text(node)]
                yield from (replace(part, node=each) for each in values)
            case _:
                if isinstance(node, COMPREHENSIONS):
                    part = replace(part, scope=loop_scope(node, scope))
                yield from (replace(part, node=each) for each in ast.iter_child_nodes(node))

    def _parts_of_function(self, item: _Item) -> Iterator[_Item]:
        """Yield what runs where a function is made, then what runs when it is called."""
        node = item.node
        assert isinstance(node, (*FUNCTIONS, ast.Lambda))
        made = [*getattr(node, "decorator_list", ()), *node.args.defaults]
        made += filter(None, node.args.kw_defaults)
        yield from (replace(item, node=each) for each in made)
        inside = replace(item, scope=function_scope(node, item.scope), now=False)
        body = node.body if isinstance(node.body, list) else [node.body]
        yield from (replace(inside, node=each, before=self._before) for each in body)
