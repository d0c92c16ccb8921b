"""What a page depends on: in packages made for the purpose, and in the course itself."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convbook import widgets
from tests.book.extensions import PageSources
from tests.book.pages import NAMES, ROOT, cells

MODULES = {
    "__init__.py": '"""What only gathers."""\nfrom convbook.one import One\n'
    "from .deep import Two as Second\n__all__ = ['One', 'Second']\n",
    "one.py": "One = 1\n",
    "two.py": "def later():\n    from convbook import three\n",
    "three.py": "import numpy\ntry:\n    from .four import *\nexcept ImportError:\n    pass\n",
    "four.py": "",
    "deep/__init__.py": "from .inner import Two\nfrom .other import Three\n",
    "deep/inner.py": "from ..one import One\nTwo = 2\n",
    "deep/other.py": "from convbook import two\nThree = 3\n",
    "busy/__init__.py": "from . import left\nfrom . import right\nstarted = True\n",
    "busy/left.py": "",
    "busy/right.py": "from convbook.busy import left\n",
    "plain/alone.py": "",
    "chooser.py": "import importlib\n",
    "broken.py": "def\n",
    "asks.py": "from importlib.metadata import version\n",
}
DATA = {
    "__init__.py": "",
    "toy/style.css": "",
    "toy/toy.js": 'import { draw } from "../shared/grid.js";\n',
    "toy/.hidden": "",
    "shared/grid.js": "",
    "shared/other.js": "",
    "weights/net.bin": b"\xff\xfe'\xf0'",
}
ROOM = "__init__"
DEEP = "deep/__init__"
BUSY = "busy/__init__"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    write(root, {f"convbook/{name}": code for name, code in MODULES.items()})
    write(root, {"book/helper.py": "from convbook import four\n"})
    return root


def write(root, files):
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def behind(root, code):
    found = PageSources(root).behind(code, root / "book")
    return {path.relative_to(root).as_posix() for path in found}


def modules(*names):
    return {f"convbook/{name}.py" for name in names}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import numpy, os.path", []),
        ("import nowhere.at_all", []),
        ("import convbook.one as one", [ROOM, "one", DEEP, "deep/inner"]),
        ("from convbook import One", [ROOM, "one"]),
        ("from convbook import Second", [ROOM, DEEP, "deep/inner", "one"]),
        ("from convbook import one", [ROOM, "one"]),
        ("from convbook.deep import Two", [ROOM, DEEP, "deep/inner", "one"]),
        ("from convbook.deep.inner import Two", [ROOM, DEEP, "deep/inner", "one"]),
        ("from convbook.two import later", [ROOM, "two", "three", "four"]),
        ("if False:\n    from convbook import three", [ROOM, "three", "four"]),
        ("from convbook.busy.left import x", [ROOM, BUSY, "busy/left", "busy/right"]),
        ("from convbook.plain import alone", [ROOM, "plain/alone"]),
        ("from convbook.asks import version", [ROOM, "asks"]),
    ],
)  # fmt: skip
def test_when_code_imports_then_what_python_would_load_is_behind_it(project, code, expected):
    assert behind(project, code) == modules(*expected)


@pytest.mark.parametrize(
    "code",
    ["from convbook import *", "import convbook", "import convbook.one", "import convbook.deep"],
)
def test_when_all_of_a_package_can_be_reached_then_all_it_gathers_is_behind_it(project, code):
    assert behind(project, code) >= modules(ROOM, DEEP, "deep/inner", "one")


def test_when_a_module_beside_the_page_is_imported_then_it_is_followed(project):
    assert behind(project, "import helper") == {"book/helper.py", *modules(ROOM, "four")}


@pytest.mark.parametrize(
    "code",
    [
        "from importlib import import_module",
        "module = __import__('convbook.one')",
        "import runpy",
        "%run one.py",
        "from convbook import chooser",
        "from convbook.broken import x",
    ],
)
def test_when_only_the_run_can_tell_then_everything_is_behind_it(project, code):
    assert behind(project, code) >= {f"convbook/{name}" for name in MODULES}


@given(seed=st.integers(0, 10**6), count=st.integers(1, 8))
def test_when_modules_import_each_other_then_all_that_can_be_reached_is_found(
    tmp_path_factory, seed, count
):
    dice = random.Random(seed)
    forms = (
        "import convbook.m{0}", "from convbook import m{0}", "from . import m{0}",
        "from .m{0} import x", "def f():\n    from convbook.m{0} import *",
    )  # fmt: skip
    graph = {n: [m for m in range(count) if dice.random() < 0.3] for n in range(count)}
    root = tmp_path_factory.mktemp("graph")
    write(root, {f"convbook/m{n}.py": "" for n in graph} | {"convbook/__init__.py": ""})
    for n, imported in graph.items():
        lines = [dice.choice(forms).format(m) for m in imported]
        write(root, {f"convbook/m{n}.py": "\n".join(lines)})
    reached, waiting = set(), [0]
    while waiting:
        if (n := waiting.pop()) not in reached:
            reached.add(n)
            waiting += graph[n]
    assert behind(root, "import convbook.m0") == modules(ROOM, *(f"m{n}" for n in reached))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("", set()),
        ("FOLDER = Path(__file__).parents[1] / 'weights'", {"weights/net.bin"}),
        ("read(f'weights/{name}.bin')", {"weights/net.bin"}),
        ("read('shared/other.js')", {"shared/other.js"}),
        ("read('toy')", set()),  # a package brings its data by being imported
        ("read('../../outside.txt', '.', '..', '/')", set()),
        (f"read('{'x' * 9999}')", set()),
    ],
)
def test_when_a_module_has_or_names_data_then_the_data_is_behind_it(tmp_path, code, found):
    write(tmp_path.parent, {"outside.txt": ""})
    write(tmp_path, {f"convbook/{name}": content for name, content in DATA.items()})
    write(tmp_path, {"convbook/toy/__init__.py": code})
    brought = {"toy/style.css", "toy/toy.js", "shared/grid.js", "toy/__init__.py", "__init__.py"}
    expected = {f"convbook/{name}" for name in found | brought}
    assert behind(tmp_path, "from convbook.toy import Toy") == expected


def test_when_a_page_reads_a_file_beside_it_then_the_file_is_behind_it(tmp_path):
    write(tmp_path, {"book/signal.npy": b"\x93NUMPY", "book/other.npy": b""})
    assert behind(tmp_path, "x = np.load('signal.npy')") == {"book/signal.npy"}


def test_when_anything_behind_a_page_changes_then_so_does_its_digest(tmp_path):
    def digest(code="from convbook import a"):
        return PageSources(tmp_path).digest(code, tmp_path)

    write(tmp_path, {"convbook/a.py": "x = 1", "convbook/b.py": ""})
    before = digest()
    write(tmp_path, {"convbook/b.py": "y = 1", "convbook/c.css": ""})
    assert digest() == before
    assert digest("from convbook import b") != before
    write(tmp_path, {"convbook/a.py": "x = 2"})
    assert digest() != before


@pytest.fixture(scope="module")
def course():
    """Return a function: which pages depend on a file."""
    sources = PageSources(ROOT)
    found = {name: sources.behind(code(name), ROOT / "book") for name in NAMES}

    def pages(path):
        assert (ROOT / path).is_file()
        return {name for name, files in found.items() if ROOT / path in files}

    return pages


def code(name):
    return "\n".join(cell.source for cell in cells(name))


@pytest.mark.parametrize("widget", widgets.__all__)
@pytest.mark.parametrize("file", ["style.css", "widget.js", "picture.py"])
def test_when_a_widget_is_edited_then_only_pages_that_show_it_depend_on_it(course, widget, file):
    folder = getattr(widgets, widget).__module__.replace(".", "/")
    shown = {name for name in NAMES if re.search(rf"\b{widget}\b", code(name))}
    assert course(f"{folder}/{file}") == shown


@pytest.mark.parametrize(
    ("path", "dependent", "free"),
    [
        ("convbook/arithmetic/pooling.py", "book/widgets", "book/convolution-2d"),
        ("convbook/weights/patches.safetensors", "book/widgets", "book/convolution-2d"),
        ("convbook/widgets/shared/convolution.js", "book/convolution-2d", "book/notation"),
        ("convbook/widgets/shared/pooling.js", "book/widgets", "book/convolution-2d"),
        ("convbook/plots.py", "book/convolution-2d", "book/intro"),
    ],
)
def test_when_a_part_of_the_course_is_edited_then_only_its_pages_depend_on_it(
    course, path, dependent, free
):
    assert dependent in course(path)
    assert free not in course(path)


@pytest.mark.parametrize("path", ["convbook/cli.py", "convbook/widgets/static_page.py"])
def test_when_pages_never_load_a_module_then_none_depends_on_it(course, path):
    assert course(path) == set()


def test_when_a_page_is_run_then_every_file_it_opens_is_behind_it():
    spy = dedent("""
        import json, sys
        opened = set()
        sys.addaudithook(lambda event, args: event == "open" and opened.add(str(args[0])))
        exec(sys.argv[1])
        opened |= {str(getattr(module, "__file__", "")) for module in list(sys.modules.values())}
        print(json.dumps(sorted(opened)))
    """)
    page = "book/widgets"
    first = cells(page)[0].source + "\nload_trained('digits')"
    done = subprocess.run(
        [sys.executable, "-c", spy, first], cwd=ROOT, capture_output=True, text=True, check=True
    )
    opened = json.loads(done.stdout.splitlines()[-1])
    ours = {name for name in opened if name.startswith(f"{ROOT}/convbook") and ".pyc" not in name}
    known = {str(path) for path in PageSources(ROOT).behind(code(page), ROOT / "book")}
    assert len(ours) > 100
    assert ours - known == set()
