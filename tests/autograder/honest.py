"""Honest notebooks, each odd in one way that a computer, an editor or a habit makes it odd.

`VARIATIONS` maps a name to a function that makes the solved notebook of assignment 01 odd in
place; `honest_class` makes a class of them, one way or several ways at a time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from itertools import combinations

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.autograder.notebooks import cell_of

Change = Callable[[NotebookNode], object]
FUNCTIONS = ("conv1d", "cross_correlate2d", "conv2d", "filter_image")


def above(code: str, function: str = "conv1d") -> Change:
    """Put lines above a function, in its cell."""

    def change(notebook: NotebookNode) -> None:
        cell = cell_of(notebook, function)
        cell.source = f"{code}\n{cell.source}"

    return change


def below(code: str, function: str = "conv1d") -> Change:
    """Put lines below a function, in its cell."""

    def change(notebook: NotebookNode) -> None:
        cell = cell_of(notebook, function)
        cell.source = f"{cell.source}\n{code}"

    return change


def after(grade_id: str, *codes: str) -> Change:
    """Put cells of the student's own behind a released one."""

    def change(notebook: NotebookNode) -> None:
        place = notebook.cells.index(cell_of(notebook, grade_id)) + 1
        notebook.cells[place:place] = [new_code_cell(code) for code in codes]

    return change


def everywhere(rewrite: Callable[[str], str]) -> Change:
    """Rewrite the text of every cell, as an editor does."""

    def change(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            cell.source = rewrite(cell.source)

    return change


def lose_marks(*grade_ids: str) -> Change:
    """Drop what nbgrader wrote from cells."""

    def change(notebook: NotebookNode) -> None:
        for grade_id in grade_ids:
            del cell_of(notebook, grade_id).metadata["nbgrader"]

    return change


def retype(grade_id: str, kind: str) -> Change:
    """Turn a cell of the student's own into another kind."""

    def change(notebook: NotebookNode) -> None:
        cell_of(notebook, grade_id).cell_type = kind

    return change


def in_a_new_cell_below(notebook: NotebookNode) -> None:
    """Leave a function's cell as released and solve it in a cell behind its test."""
    cell = cell_of(notebook, "conv2d")
    solution, cell.source = cell.source, "def conv2d(image, kernel):\n    raise NotImplementedError"
    after("test_conv2d", solution)(notebook)


def answer_below(notebook: NotebookNode) -> None:
    """Write the answer into a new cell, below the one that is there for it."""
    cell = cell_of(notebook, "explain_flip")
    place = notebook.cells.index(cell) + 1
    notebook.cells.insert(place, new_markdown_cell("A kernel of ones is its own flip."))


def of_format_4_0(notebook: NotebookNode) -> None:
    """Take what older editors do not write."""
    notebook.nbformat_minor = 0
    for cell in notebook.cells:
        cell.pop("id", None)


def as_colab_writes(notebook: NotebookNode) -> None:
    """Add the metadata of Colab."""
    notebook.metadata.update({"colab": {"provenance": []}, "accelerator": "GPU"})
    for number, cell in enumerate(notebook.cells):
        cell.metadata.update({"id": f"c{number}", "colab": {"base_uri": "x"}})


def as_vscode_writes(notebook: NotebookNode) -> None:
    """Add the metadata of VS Code."""
    notebook.metadata.update({"orig_nbformat": 4, "vscode": {"interpreter": {"hash": "0"}}})
    for cell in notebook.cells:
        cell.metadata["vscode"] = {"languageId": "python"}


PICTURES = """import matplotlib.pyplot as plt
import numpy as np
for number in range(25):
    plt.figure()
    plt.imshow(np.random.default_rng(number).normal(size=(60, 60)))
    plt.show()"""
NOISE = """import matplotlib.pyplot as plt
import numpy as np
plt.figure(figsize=(12, 12), dpi=200)
plt.imshow(np.random.default_rng(0).normal(size=(2400, 2400)), interpolation="nearest")
plt.show()"""
PAD = """def pad(image, border):
    return np.pad(image, border)"""
USES_PAD = """_before = conv1d
def conv1d(x, w, mode="full"):
    return pad(_before(x, w, mode), 0)"""
TASK = """import asyncio
async def tick():
    await asyncio.sleep(0.01)
    return 1
task = asyncio.create_task(tick())"""
PACKAGE = """import os
os.makedirs("mine", exist_ok=True)
with open("mine/__init__.py", "w") as file:
    file.write("WEIGHT = 2")"""

VARIATIONS: dict[str, Change] = {
    # Lines of a notebook that have nothing to do with the function.
    "pip with a bang": above("!pip install numpy"),
    "pip as a magic": above("%pip install --quiet numpy matplotlib"),
    "conda": above("%conda install numpy"),
    "a shell line": above("!ls -l", "conv2d"),
    "a shell line with a result": above("files = !ls\nprint(len(files))"),
    "two bangs": after("setup", "!!ls"),
    "a cell of shell": after("setup", "%%bash\nls\npwd"),
    "a cell of another language": after("setup", "%%perl\nprint 1"),
    "figures in a window": above("%matplotlib widget"),
    "figures of the notebook": above("%matplotlib notebook"),
    "figures of Qt": above("%matplotlib qt", "filter_image"),
    "figures inline": above("%matplotlib inline\n%config InlineBackend.figure_format = 'retina'"),
    "an unknown magic": above("%tensorflow_version 2.x"),
    "an unknown extension": above("%load_ext autotime\n%load_ext autoreload\n%autoreload 2"),
    "an unknown magic on the cell": above("%%heat"),
    "time": above("%%time"),
    "capture": above("%%capture"),
    "timeit below": below("%timeit -n1 -r1 conv1d(np.ones(3), np.ones(2))"),
    "much printed": above("print('x' * 2_000_000)"),
    "many lines printed": above("for i in range(40_000):\n    print('line', i, 'of many')"),
    "printed in the function": below(
        "for _ in range(3000):\n    print(conv1d(np.ones(9), np.ones(3)))"
    ),
    "25 pictures": above(PICTURES, "filter_image"),
    "a noisy picture": above(NOISE, "filter_image"),
    "a question": above("name = input('your name? ')", "conv2d"),
    "a number asked for": above("n = int(input('how many? '))", "conv2d"),
    "a password": above("import getpass\ngetpass.getpass()", "conv2d"),
    "a breakpoint": above("breakpoint()", "cross_correlate2d"),
    "a debugger": above("import pdb\npdb.set_trace()"),
    "a package that is not here": above("import seaborn as sns", "conv2d"),
    "a file that is not here": above("picture = plt.imread('cat.png')", "conv2d"),
    "a warning": above("import warnings\nwarnings.warn('old')"),
    "a progress bar": above("import sys\nsys.stderr.write('\\r 10%|#    |')"),
    "an assertion of one's own below": below("assert conv1d([1], [1])[0] == 2, 'my own mistake'"),
    # Tasks, threads, files.
    "a top-level await": above("import asyncio\nawait asyncio.sleep(0.01)"),
    "an await in a cell of its own": after("setup", TASK, "print(await task)"),
    "a task that is left": after("setup", TASK),
    "an async comprehension": after(
        "setup", "async def n():\n    yield 1\nprint([x async for x in n()])"
    ),
    "a pool of threads": above(
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(2)\n"
        "pool.submit(print, 'hi').result()"
    ),
    "a thread that ends": above("import threading\nthreading.Thread(target=print).start()"),
    "a helper written to a file": after(
        "setup",
        "%%writefile helper.py\ndef twice(x):\n    return 2 * x",
        "from helper import twice",
    ),
    "a package written to a file": after("setup", PACKAGE, "import mine\nmine.WEIGHT"),
    "a module called kernel": after("setup", "%%writefile kernel.py\nSOBEL = 1", "import kernel"),
    "a script that is run": after("setup", "%%writefile go.py\nwent = 1", "%run go.py", "went"),
    # The order and the names of a notebook.
    "a helper defined anew": lambda notebook: [
        above(PAD)(notebook),
        below(USES_PAD)(notebook),
        after("test_conv1d", "def pad(image, border, value):\n    return None")(notebook),
    ],
    "a name used again": after("test_conv2d", "conv2d = conv2d(np.ones((5, 5)), np.ones((3, 3)))"),
    "a name of NumPy's used again": after("test_filter_image", "np = None"),
    "names of the visible test": after("test_conv1d", "print(conv1d(x, w))"),
    "names of the visible test in a function's cell": above("assert image.ndim == 2", "conv2d"),
    "a default from the visible test": above("size = len(x) + len(w)", "cross_correlate2d"),
    "solved in a new cell below": in_a_new_cell_below,
    "an exit at the end": lambda notebook: notebook.cells.append(new_code_cell("exit()")),
    "a quit after a test": after("test_conv1d", "quit()"),
    "an unfinished line": after("test_conv2d", "for i in range(3"),
    "a cell that fails": after("test_conv2d", "1 / 0"),
    "blank cells": lambda notebook: notebook.cells.extend(new_code_cell("\n") for _ in range(300)),
    # What editors and computers write.
    "line ends of Windows": everywhere(lambda text: text.replace("\n", "\r\n")),
    "line ends of old Macs": everywhere(lambda text: text.replace("\n", "\r")),
    "a line break more": everywhere(lambda text: text + "\n"),
    "blanks at the end": everywhere(lambda text: text.replace("\n", " \n") + "  "),
    "format 4.0": of_format_4_0,
    "Colab": as_colab_writes,
    "VS Code": as_vscode_writes,
    "marks of functions lost": lose_marks(*FUNCTIONS),
    "marks of tests lost": lose_marks(*(f"test_{name}" for name in FUNCTIONS)),
    "mark of the answer lost": lose_marks("explain_flip"),
    "mark of the question lost": lose_marks("explain_flip_question"),
    "answer as raw text": retype("explain_flip", "raw"),
    "a function in a raw cell": retype("conv2d", "raw"),
    "answer in a cell below": answer_below,
}
WRITERS: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "one line": lambda text: json.dumps(json.loads(text)).encode(),
}


def odd(solved: NotebookNode, *names: str) -> NotebookNode:
    """Return a copy of ``solved`` with the variations of these names, in turn."""
    notebook = nbformat.from_dict(solved)
    for name in names:
        VARIATIONS[name](notebook)
    return notebook


def honest_class(solved: NotebookNode, size: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield a name and a file for ``size`` students: each variation, then pairs of them."""
    chosen = [(name,) for name in VARIATIONS]
    pairs = list(combinations(VARIATIONS, 2))
    random.Random(seed).shuffle(pairs)
    writers = list(WRITERS.items())
    for number, names in enumerate([*chosen, *pairs][:size]):
        writer, write = writers[number % len(writers)]
        text = nbformat.writes(odd(solved, *names), version=nbformat.NO_CONVERT)
        yield f"{' and '.join(names)} ({writer})", write(text)
