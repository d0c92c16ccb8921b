"""Imports between the rooms of a package point one way, and no two modules import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Each room may import only from those before it: a folder, or a module that stands by itself.
ROOMS = {
    "convbook": [
        *("wording", "arithmetic", "formulas", "palette", "misconceptions", "tables", "plots"),
        *("galleries", "data", "models", "training", "explain", "trained", "widgets"),
        *("visible_tests", "cli"),
    ],
    "autograder": [
        *("harmless", "jail", "checks", "assignments", "rosters", "intake", "grading", "feedback"),
        *("gradebook", "exports", "summary", "trials", "run", "balance", "commands", "cli"),
        "__main__",
    ],
}
Imports = dict[str, set[str]]


def module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(package: str, root: Path = ROOT, types: bool = True) -> Imports:
    """Return the modules of ``package`` that each of them names in an import, wherever it stands.

    An import of a name from a package is one of that package, unless the name is a module. With
    ``types`` those count too that only a type checker reads.
    """
    paths = {module_name(path.relative_to(root)): path for path in (root / package).rglob("*.py")}
    found: Imports = {}
    for name, path in paths.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = ast.walk(tree) if types else run(tree)
        targets = {target for node in nodes for target in imported(node, set(paths))}
        found[name] = targets - {name}
    return found


def run(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that Python runs: all but those under ``if TYPE_CHECKING``."""
    yield tree
    is_for_types = isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test)
    for child in [] if is_for_types else ast.iter_child_nodes(tree):
        yield from run(child)


def imported(node: ast.AST, modules: set[str]) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & modules
    if isinstance(node, ast.ImportFrom) and node.module in modules:
        names = {f"{node.module}.{alias.name}" for alias in node.names}
        return {name if name in modules else node.module for name in names}
    return set()


def room_of(module: str) -> str:
    return (*module.split("."), "")[1]


def against_the_flow(imports: Imports, rooms: list[str]) -> list[str]:
    """Return the imports from a later room, in words; a package's own file lies before all."""
    order = {"": -1} | {room: place for place, room in enumerate(rooms)}
    return [
        f"{module} imports {target}"
        for module, targets in imports.items()
        for target in targets
        if order[room_of(target)] > order[room_of(module)]
    ]


def circle(imports: Imports) -> list[str]:
    """Return modules that import each other in a circle, or nothing."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", ROOMS)
def test_when_a_room_is_added_then_its_place_in_the_order_is_said(package):
    assert {room_of(module) for module in imports_of(package)} == {"", *ROOMS[package]}


@pytest.mark.parametrize("package", ROOMS)
def test_when_a_room_imports_another_then_that_one_comes_before_it(package):
    assert against_the_flow(imports_of(package), ROOMS[package]) == []


@pytest.mark.parametrize("package", ROOMS)
def test_when_modules_import_then_they_form_no_circle(package):
    assert circle(imports_of(package, types=False)) == []


def package_of(folder: Path, texts: dict[str, str]) -> Imports:
    for name, text in texts.items():
        path = folder / "package" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return imports_of("package", folder)


@pytest.mark.parametrize(
    "text",
    [
        "from package.late.one import x",
        "from package.late import one",
        "import package.late.one as one",
        "def later():\n    import package.late.one",
        "if TYPE_CHECKING:\n    from package.late.one import x",
    ],
)
def test_when_an_early_room_imports_a_later_one_then_the_arrow_is_found(text, tmp_path):
    imports = package_of(tmp_path, {"early/two": text, "late/one": "", "late/__init__": ""})
    rooms = ["early", "late"]
    assert against_the_flow(imports, rooms) == ["package.early.two imports package.late.one"]


def test_when_modules_import_in_a_circle_then_it_is_found(tmp_path):
    texts = {"a": "import package.b", "b": "from package import c", "c": "from package.a import x"}
    found = circle(package_of(tmp_path, {"__init__": "", **texts}))
    assert {"package.a", "package.b", "package.c"} == set(found)
