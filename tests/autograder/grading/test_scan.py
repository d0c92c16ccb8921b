"""What a notebook's text says of forbidden names: what is found, and what is nobody's business."""

from __future__ import annotations

import ast
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import Forbidden
from autograder.grading.scan.findings import Scan, scan

READY_MADE = Forbidden("numpy.convolve", "scipy")
CALL = "return np.convolve(x, w)"
FOUND = [
    # By another name.
    f"def f(x, w):\n    {CALL}",
    f"async def f(x, w):\n    {CALL}",
    "f = lambda x, w: np.convolve(x, w)",
    "f = np.convolve",
    "from numpy import convolve as f",
    "exec('f = np.convolve')",
    "from numpy import convolve as c\ndef f(x, w): return c(x, w)",
    "from numpy import *\ndef f(x, w): return convolve(x, w)",
    "m = n = np\ndef f(x, w): return m.convolve(x, w)",
    "a, b = np.convolve, np.dot\ndef f(x, w): return a(x, w)",
    "def f(x, w):\n    import numpy as q\n    return q.ma.convolve(x, w)",
    "def f(x, w):\n    c = np.convolve\n    return c(x, w)",
    "def f(x, w):\n    if c := np.convolve: return c(x, w)",
    "def f(x, w): return np.lib.made_up.convolve.__call__(x, w)",
    "try:\n    from scipy.signal import convolve\nexcept ImportError:\n    convolve = None\n"
    "def f(x, w): return convolve(x, w)",
    # By a text.
    "def f(x, w): return getattr(np, 'con' + 'volve')(x, w)",
    "def f(x, w): return getattr(np, f'convolve')(x, w)",
    "def f(x, w): return np.__dict__['convolve'](x, w)",
    "def f(x, w): return vars(np).get('convolve')(x, w)",
    "def f(x, w): return np.__getattribute__('convolve')(x, w)",
    "def f(x, w): return globals()['np'].convolve(x, w)",
    "def f(x, w): return eval('np.convolve(x, w)')",
    "def f(x, w): return __import__('numpy').convolve(x, w)",
    "import importlib\ndef f(x, w): return importlib.import_module('scipy.signal').convolve(x, w)",
    "import sys\ndef f(x, w): return sys.modules['numpy'].convolve(x, w)",
    "import operator\ndef f(x, w): return operator.attrgetter('convolve')(np)(x, w)",
    # By way of something else.
    f"def h(x, w): {CALL}\ndef g(x, w): return h(x, w)\ndef f(x, w): return g(x, w)",
    f"def f(x, w):\n    def g(): {CALL}\n    return g()",
    "def f(x, w): return list(map(np.convolve, x, w))",
    "def f(x, w): return [np.convolve(row, w) for row in x]",
    "def f(x, w, c=np.convolve): return c(x, w)",
    "def f(x, w, *, m=np): return m.convolve(x, w)",
    "def d(g): return lambda h: g\n@d(np.convolve)\ndef f(x, w): pass",
    "import functools\nf = functools.partial(np.convolve, mode='full')",
    "tools = {}\ntools['c'] = np.convolve\ndef f(x, w): return tools['c'](x, w)",
    "class C:\n    c = staticmethod(np.convolve)\ndef f(x, w): return C.c(x, w)",
    f"class C:\n    def c(self, x, w): {CALL}\nmade = C()\ndef f(x, w): return made.c(x, w)",
    f"class f:\n    def __call__(self, x, w): {CALL}",
    "def start():\n    global c\n    c = np.convolve\nstart()\ndef f(x, w): return c(x, w)",
    "match 1:\n    case 1:\n        f = np.convolve",
    # Beside what only IPython reads.
    f"%time 3\n!ls\nfiles = !ls\nnp.pad?\ndef f(x, w): {CALL}",
    f"%%time\ndef f(x, w): {CALL}",
]
PASSED_OVER = [
    "def f(x, w):\n    '''Like np.convolve(x, w).'''\n    return x  # not np.convolve",
    "def f(x, w): return x\nprint(f([1], [2]) - np.convolve([1], [2]))",
    "def f(x, w): return x\ndef compare(x, w): return f(x, w) - np.convolve(x, w)",
    "def f(x, w): return x\nimport scipy.signal\nscipy.signal.convolve([1], [2])",
    "def convolve(x, w): return x\ndef f(x, w): return convolve(x, w)",
    "from numpy import convolve\nright = convolve([1], [2])\ndef convolve(x, w): return x\n"
    "def f(x, w): return convolve(x, w)",
    "class C:\n    def convolve(self, x): return x\nc = C()\ndef f(x, w): return c.convolve(x)",
    "def f(x, convolve): return convolve(x)",
    "def f(np, w): return np.convolve(w)",
    "def f(x, w):\n    for convolve in x: convolve(w)",
    "def f(x, w): return x.convolve(w)",
    "table = np.convolve([1], [2])\ndef f(x, w): return table",
    "import scipy\ntable = scipy.signal.thing(1)\ndef f(x, w): return table",
    "seen = []\nseen.append(np.convolve([1], [2]))\ndef f(x, w): seen.append(x)",
    "def f(x, w): return 'np.convolve'",
    "def f(x, w): return np.dot(x, w",
    "",
]


def looked_through(*codes: str, rule: Forbidden = READY_MADE, late: str = "") -> Scan:
    cells = {"setup": "import numpy as np"}
    cells |= {f"cell{number}": code for number, code in enumerate(codes)}
    cells |= {"test_f": "assert f(1, 2) - np.convolve(1, 2) == 0", "late": late}
    return scan(cells, {"f": "test_f"}, [rule])


@pytest.mark.parametrize("code", FOUND)
def test_when_a_function_leads_to_a_forbidden_name_then_it_is_found(code: str) -> None:
    found = looked_through(code)
    assert [finding.function for finding in found.findings] == ["f"]
    assert not found.unread + found.unfollowed


@pytest.mark.parametrize("code", PASSED_OVER)
def test_when_a_function_leads_to_none_then_it_is_not_accused(code: str) -> None:
    assert looked_through(code) == Scan()


def test_when_a_helper_of_another_cell_is_used_then_its_place_is_named() -> None:
    (finding,) = looked_through(f"# mine\ndef h(x, w):\n    {CALL}", "f = h").findings
    (use,) = finding.uses
    assert (use.path, use.through, use.cell, use.line) == ("numpy.convolve", "h", "cell0", 3)


def test_when_a_function_is_judged_then_what_is_defined_behind_its_test_does_not_count() -> None:
    later = f"def f(x, w): {CALL}"
    assert looked_through("def f(x, w): return x", late=later) == Scan()
    assert looked_through("def f(x, w): raise NotImplementedError", late=later).findings
    assert looked_through("", late=later).findings
    assert looked_through(later, late="np = None").findings


def test_when_a_rule_names_functions_then_it_holds_for_no_other() -> None:
    code = f"def f(x, w): {CALL}"
    assert looked_through(code, rule=Forbidden("numpy.convolve", functions=("f",))).findings
    assert not looked_through(code, rule=Forbidden("numpy.convolve", functions=("g",))).findings


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("torch.conv2d", "import torch.nn.functional as F\ndef f(x, w): return F.conv2d(x, w)"),
        ("torch.Conv2d", "from torch import nn\nclass f(nn.Conv2d): pass"),
        ("sklearn", "from sklearn.cluster import KMeans\ndef f(x): return KMeans(2).fit(x)"),
    ],
)
def test_when_a_name_of_another_library_is_forbidden_then_it_is_found_too(rule, code) -> None:
    assert looked_through(code, rule=Forbidden(rule)).findings


@pytest.mark.parametrize(
    ("names", "points"), [((), 0.0), (("",), 0.0), (("numpy.",), 0.0), (("scipy",), -1.0)]
)
def test_when_a_rule_says_nothing_then_it_is_refused(names, points) -> None:
    with pytest.raises(ValueError, match="must name something"):
        Forbidden(*names, points=points)


MOST = 49_000
HOSTILE = {
    "a sum": "f = " + "+".join("1" * (MOST // 2)),
    "signs": "f = " + "-" * MOST + "1",
    "attributes": "def f(): return a" + ".b" * (MOST // 2),
    "calls": "def f(): return a" + "()" * (MOST // 2),
    "items": "def f(): return a" + "[0]" * (MOST // 3),
    "functions in functions": "f = " + "lambda:" * (MOST // 7) + "0",
    "branches": "def f():\n if a: b\n" + " elif a: b\n" * (MOST // 11),
    "aliases": "a0 = np\n" + "\n".join(f"a{n + 1} = a{n}" for n in range(3000)) + "\nf = a3000.x",
    "aliases of itself": "def f():\n" + " a = a or a\n" * (MOST // 13) + " return a.b",
    "perhaps": "\n".join("if 1: a=a" for _ in range(4000)) + "\ndef f():\n" + " a.b\n" * 1500,
    "a tuple": "def f(): a0\n" + ",".join(f"a{n}" for n in range(3500)) + "=" + "f," * 3500,
    "statements": "a;" * (MOST // 2),
    "code in texts": "def f():\n" + " eval('a.b')\n" * (MOST // 13),
    "values in a text": "f = f'" + "{a}" * (MOST // 3) + "'",
    "stars": "\n".join(f"from m{n} import *" for n in range(2000))
    + "\ndef f():\n"
    + "".join(f" u{n}\n" for n in range(500)),
    "a long line": "x" * 10**6,
    "brackets": "(" * MOST,
    "half a sign": "f = '\ud800'",
    "a zero": "f = 1\0",
    "digits": "f = " + "9" * MOST,
    "an old escape": "f = '\\d'",
    "magics": "%%time\n" + "a?\n" * (MOST // 3),
}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_when_code_is_made_to_be_read_slowly_then_reading_ends(code: str) -> None:
    began = time.process_time()
    looked_through(code, f"def f(x, w): {CALL}")
    assert time.process_time() - began < 5.0


@pytest.mark.parametrize("name", ["a sum", "a long line"])
def test_when_a_cell_is_too_much_to_read_then_that_is_said(name: str) -> None:
    found = looked_through(HOSTILE[name], f"def f(x, w): {CALL}")
    assert found.unread == ("cell0",)
    assert found.findings


def test_when_a_notebook_is_too_long_then_the_cells_that_were_not_read_are_named() -> None:
    unread = looked_through(*["a;" * 20_000] * 7).unread
    assert unread == ("cell4", "cell5", "cell6")


@given(st.lists(st.text(st.characters(), max_size=60)))
def test_whatever_a_notebook_holds_then_looking_through_it_ends(codes: list[str]) -> None:
    looked_through(*codes)


@given(st.sampled_from(FOUND), st.sampled_from(PASSED_OVER))
def test_when_honest_cells_stand_before_then_what_is_found_stays_found(code, before) -> None:
    before = before.replace("f(", "g(").replace("np = None", "")
    assert looked_through(before, code).findings


def test_when_the_code_of_this_repository_is_read_then_reading_ends_without_a_word() -> None:
    with open(ast.__file__, encoding="utf-8") as file:
        source = file.read()[:40_000]
    assert looked_through(source.rpartition("\ndef ")[0]).unread == ()
