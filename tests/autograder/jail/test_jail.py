"""The jail holds: as root and as an ordinary user, with nothing of the course inside."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.jail import bubblewrap as jail
from autograder.jail import client
from autograder.jail.cgroups import MEMORY, enter, make_groups, remove_groups
from autograder.jail.client import KernelClient
from autograder.jail.kernel_server import KernelServer, kernel_server
from autograder.jail.libraries import closure, library_folder
from tests.autograder.kernels import output_of, told

pytestmark = pytest.mark.jail

LOOK = """
import os, json, socket, resource
print(json.dumps({
    "uid": os.getuid(), "root": sorted(os.listdir("/")), "home": os.listdir(),
    "processes": [p for p in os.listdir("/proc") if p.isdigit()],
    "interfaces": [name for _, name in socket.if_nameindex()],
    "secrets": [k for k in os.environ if "SECRET" in k],
    "memory": resource.getrlimit(resource.RLIMIT_AS),
}))
"""


def test_when_code_looks_around_then_it_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    with KernelClient("numpy") as kernel:
        seen = told(kernel, LOOK)
    assert seen["uid"] == 65534
    assert {"work", "home", "var", "opt", "srv"} & set(seen["root"]) <= {"home", "opt"}
    assert seen["home"] == []
    assert set(seen["processes"]) <= {"1", "2", "3"}
    assert seen["interfaces"] == ["lo"]
    assert seen["secrets"] == []
    assert seen["memory"] == [jail.LIMITS.memory, jail.LIMITS.memory]


THREADS = """
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(9,)).start()
"""


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("open('/usr/lib/x', 'w')", "Read-only file system"),
        ("open('/libraries/numpy/x', 'w')", "Read-only file system"),
        ("open('/inside/kernel.py', 'w')", "Read-only file system"),
        ("open('/tmp/x', 'wb').write(bytes(40 * 2**20))", "File too large"),
        ("for i in range(9): open(f'/tmp/{i}', 'wb').write(bytes(9 * 2**20))", "No space left"),
        ("import os\nos.setuid(0)", "Invalid argument"),
        ("import os\nos.mkdir('/etc/x')", "Read-only file system"),
        ("import os\nos.mkdir('/x')", "Read-only file system"),
        ("import os\nos.mkdir('/dev/x')", "Read-only file system"),
        ("import resource as r\nr.setrlimit(r.RLIMIT_AS, (-1, -1))", "not allowed"),
        (THREADS, "can't start new thread"),
    ],
)
def test_when_code_oversteps_then_the_system_refuses(code: str, said: str) -> None:
    with KernelClient("numpy") as kernel:
        assert said in output_of(kernel, code)


def test_when_the_folder_is_built_then_only_the_flavour_is_in_it() -> None:
    names = {found.name.lower() for found in closure(("ipykernel", "numpy", "matplotlib"))}
    assert {"ipykernel", "numpy", "matplotlib"} <= names
    there = set(os.listdir(library_folder("numpy")))
    assert not {"torch", "scipy", "skimage", "sklearn", "autograder"} & there
    course = library_folder("numpy") / "convbook"
    assert set(os.listdir(course)) == {"__init__.py", "visible_tests.py"}
    assert (course / "__init__.py").read_text().count("\n") == 1, "no code, a docstring"


def test_when_the_flavour_is_unknown_then_the_known_ones_are_named() -> None:
    with pytest.raises(ValueError, match=r"flavour \(='julia'\) must be one of numpy, torch"):
        library_folder("julia")


def test_when_bubblewrap_is_missing_then_grading_is_refused_with_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jail._bwrap.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(jail.JailUnavailable, match="apt-get install bubblewrap"):
        jail.command(Path("/libraries"))
    jail._bwrap.cache_clear()


FILL = "hoard = bytearray(64 * 2**20); hoard[::4096] = b'x' * (len(hoard) // 4096); print('kept')"


@pytest.mark.parametrize(("memory", "said"), [(2**25, ""), (2**28, "kept\n")])
def test_when_a_group_is_made_then_its_memory_is_the_limit(memory: int, said: str) -> None:
    groups = make_groups(16, memory)
    if len(groups) < (2 if MEMORY[1][0].exists() else 1):
        pytest.skip("this user may not make control groups")
    try:
        command = enter(groups, [sys.executable, "-c", FILL])
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout == said
        assert done.returncode == (0 if said else -signal.SIGKILL)
    finally:
        remove_groups(groups)
    assert not any(group.exists() for group in groups)


def test_when_a_server_runs_then_its_groups_hold_it() -> None:
    server = KernelServer("numpy")
    groups = server._groups
    inside = [(group / "cgroup.procs").read_text().split() for group in groups]
    server.close()
    if not groups:
        pytest.skip("this user may not make control groups")
    assert all(inside)
    assert not any(group.exists() for group in groups)


def test_when_a_kernel_does_not_answer_at_its_start_then_another_takes_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, started = kernel_server("numpy"), []
    start = server.start

    def stuck_at_first(*words: Any) -> int:
        started.append(start(*words))
        if len(started) == 1:
            server.stop(started[0])
        return started[-1]

    monkeypatch.setattr(server, "start", stuck_at_first)
    monkeypatch.setattr(client, "START_SECONDS", 2.0)
    with KernelClient("numpy") as kernel:
        assert output_of(kernel, "print(1)") == "1\n"
    assert len(started) == 2
    assert server.status(started[0]) is not None
