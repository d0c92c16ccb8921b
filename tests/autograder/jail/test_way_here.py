"""A kernel does not learn where on the machine the course lies.

What shows is the path of the interpreter, which is mounted where it is.
"""

from __future__ import annotations

import marshal
import os
import sys

import pytest

from autograder.assignments.course import Course
from autograder.jail.client import KernelClient
from autograder.jail.libraries import FLAVOURS, library_folder
from tests.autograder.kernels import first_process, output_of, told

pytestmark = pytest.mark.jail

# Read every file, every name, every link and what Python itself knows; print where a word is.
# The words come backwards, for else this code would contain them.
SEARCH = """
import gc, json, mmap, os, platform, stat, sys, sysconfig, traceback

words = [word[::-1].encode() for word in BACKWARDS]
found = []
read = 0

def look(where, content):
    found.extend(where for word in words if content.find(word) >= 0)

def search(path):
    global read
    mode = os.lstat(path).st_mode
    look("name of " + path, os.fsencode(path))
    if stat.S_ISLNK(mode):
        look("link " + path, os.fsencode(os.readlink(path)))
    elif stat.S_ISREG(mode) and os.access(path, os.R_OK) and os.path.getsize(path):
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as content:
            look(path, content)
        read += 1

for folder, folders, files in os.walk("/"):
    for name in (*folders, *files):
        search(os.path.join(folder, name))
try:
    import matplotlib.pyplot
    matplotlib.pyplot.plot("no", "such", "argument", 1)
except Exception:
    look("traceback", traceback.format_exc().encode())
known = [dict(os.environ), sys.path, sys.orig_argv, sys.argv, sys.prefix, sys.executable]
known += [sysconfig.get_paths(), sysconfig.get_config_vars(), platform.uname(), os.listdir("/")]
known += [sorted((name, repr(module)) for name, module in sys.modules.items())]
known += [thing.__code__.co_filename for thing in gc.get_objects() if hasattr(thing, "__code__")]
look("Python", repr(known).encode())
print(json.dumps({"read": read, "found": found}))
"""


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_when_a_kernel_reads_all_files_then_the_path_of_the_course_is_in_none(
    flavour: str, course: Course
) -> None:
    words = [*_ways(course), str(library_folder(flavour))]
    with KernelClient(flavour) as kernel:
        seen = told(kernel, SEARCH.replace("BACKWARDS", repr([word[::-1] for word in words])))
    assert seen["found"] == []
    assert seen["read"] > 10_000


@pytest.mark.skipif(os.getuid() != 0, reason="only root may read the memory of a kernel")
def test_when_a_kernel_runs_then_the_path_of_the_course_is_nowhere_in_its_memory(
    course: Course,
) -> None:
    with KernelClient("numpy") as kernel:
        assert output_of(kernel, "word = 'needle' + 'in' * 3; print(1)") == "1\n"
        memory = _memory(first_process(kernel))
    assert b"needleininin" in memory
    for way in _ways(course):
        assert way.encode() not in memory


def _ways(course: Course) -> set[str]:
    """Return the paths of the course and of its environment."""
    return {str(course.root)} | {sys.prefix} - {sys.base_prefix}


def _memory(process: int) -> bytes:
    parts = []
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            first, last = (int(number, 16) for number in line.split()[0].split("-"))
            if line.split()[1].startswith("rw"):
                memory.seek(first)
                parts.append(memory.read(last - first))
    return b"".join(parts)


def test_when_the_folder_is_built_then_compiled_files_name_their_path_in_the_jail() -> None:
    folder = library_folder("numpy")
    compiled = sorted(folder.rglob("numpy/*/__pycache__/*.pyc"))
    assert len(compiled) > 100
    for path in compiled:
        code = marshal.loads(path.read_bytes()[16:])
        module = path.parents[1] / f"{path.name.split('.')[0]}.py"
        assert code.co_filename == f"/libraries/{module.relative_to(folder)}"
        assert module.is_file()


def test_when_a_kernel_looks_for_users_then_it_finds_no_name_but_the_jails_own() -> None:
    look = "import os, socket; print(socket.gethostname(), os.path.exists('/etc/passwd'))"
    with KernelClient("numpy") as kernel:
        assert output_of(kernel, look) == "jail False\n"
