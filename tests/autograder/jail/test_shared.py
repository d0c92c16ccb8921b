"""What two kernels both see can be changed by neither: contents, names, times, rights, locks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from system_calls import syscalls

from autograder.jail.callfilter import ALLOWED, LIMITED, MACHINES, REFUSED, filter_program
from autograder.jail.client import KernelClient
from tests.autograder.kernels import first_process, of_another_server, output_of, told

pytestmark = pytest.mark.jail

# Try to leave a mark on every inode within reach; print those that took one, and what it was.
MARK_ALL = """
import ctypes, fcntl, json, os, stat, struct

OPEN_LOCK, LEASE, NOTIFY, SET_HINT = 37, 1024, 1026, 1036
REGION = struct.pack("hhqqi4x", fcntl.F_RDLCK, os.SEEK_SET, 0, 1, 0)
libc = ctypes.CDLL(None)

def marks(at, descriptor, found):
    change = found.st_mode & 0o7777
    yield "chmod", lambda: os.chmod(at, change)
    yield "chown", lambda: os.chown(at, os.getuid(), os.getgid())
    yield "utime", lambda: os.utime(at, ns=(found.st_atime_ns, found.st_mtime_ns))
    yield "xattr", lambda: os.setxattr(at, "user.note", b"x")
    if stat.S_ISREG(found.st_mode) and isinstance(at, str):
        yield "append", lambda: os.close(os.open(at, os.O_WRONLY | os.O_APPEND))
    if stat.S_ISDIR(found.st_mode) and isinstance(at, str):
        yield "create", lambda: os.rmdir(os.mkdir(at + "/planted") or at + "/planted")
    yield "flock", lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    yield "lockf", lambda: fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1)
    yield "open lock", lambda: fcntl.fcntl(descriptor, OPEN_LOCK, REGION)
    yield "lease", lambda: fcntl.fcntl(descriptor, LEASE, fcntl.F_RDLCK)
    yield "notify", lambda: fcntl.fcntl(descriptor, NOTIFY, 0x80000002)
    yield "hint", lambda: fcntl.fcntl(descriptor, SET_HINT, struct.pack("q", 2))

def mark(at, descriptor, name):
    found = os.fstat(descriptor)
    key = f"{found.st_dev}:{found.st_ino}"
    seen.add(key)
    for what, do in marks(at, descriptor, found):
        try:
            do()
        except OSError:
            continue
        marked.setdefault(key, [name]).append(what)

def walk(path):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError:  # a link, or not for us
        return
    try:
        mark(path, descriptor, path)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            for name in os.listdir(descriptor):
                walk(os.path.join(path, name))
    finally:
        os.close(descriptor)

seen, marked = set(), {}
fresh = [*os.pipe(), os.eventfd(1), libc.epoll_create1(0), libc.timerfd_create(1, 0)]
fresh += [libc.signalfd(-1, bytes(8), 0), libc.inotify_init(), libc.memfd_create(b"x", 0)]
for descriptor in range(256):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    mark(descriptor, descriptor, f"descriptor {descriptor}")
walk("/")
first = dict(list(marked.items())[:1000])
print(json.dumps({"seen": len(seen), "count": len(marked), "marked": first}))
"""


OWN = {"/tmp", "/home/student", "/dev/shm"}  # folders that each kernel has for itself


@pytest.fixture
def kernels() -> Iterator[list[KernelClient]]:
    """Two kernels of one server and one of another, at the same time."""
    with (
        KernelClient("numpy") as first,
        KernelClient("numpy") as second,
        of_another_server() as third,
    ):
        yield [first, second, third]


def test_when_kernels_mark_all_they_see_then_no_mark_is_on_what_another_sees(kernels) -> None:
    found = [told(kernel, MARK_ALL) for kernel in kernels]
    for number, one in enumerate(found):
        assert one["seen"] > 10_000
        assert {"/tmp", "/home/student", "/dev/shm"} <= {
            names[0] for names in one["marked"].values()
        }
        for other in found[:number]:
            both = set(one["marked"]) & set(other["marked"])
            assert not {key: one["marked"][key] for key in both}
        assert one["count"] == len(one["marked"])


def test_when_kernels_run_then_they_share_no_memory_that_can_be_written(kernels) -> None:
    for kernel in kernels:
        maps = Path(f"/proc/{first_process(kernel)}/maps").read_text().splitlines()
        assert any("libpython" in line or "python3" in line for line in maps)
        assert not [line for line in maps if line.split()[1] == "rw-s"]


HONEST = """
import os, shutil, sqlite3, tempfile
import matplotlib.font_manager, matplotlib.pyplot as plt, numpy as np
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.npy")
    np.save(path, np.arange(4))
    shutil.copy2(path, "kept.npy")
    os.chmod("kept.npy", 0o600)
    os.utime("kept.npy", (1, 1))
with tempfile.NamedTemporaryFile("w+") as file:
    file.write("x")
    os.fsync(file)
memory = np.lib.format.open_memmap("/tmp/m.npy", "w+", "f8", (3,))
memory[:] = np.load("kept.npy", mmap_mode="r")[1:]
memory.flush()
base = sqlite3.connect(":memory:")
base.execute("create table t (x)")
matplotlib.font_manager._load_fontmanager(try_read_cache=False)
plt.plot(memory)
plt.savefig("/tmp/figure.pdf")
with open(os.devnull, "w") as nowhere:
    nowhere.write("x")
print(os.path.getmtime("kept.npy"), memory.sum(), os.listdir("/tmp/matplotlib") != [])
"""
HONEST_TORCH = """
import torch
model = torch.nn.Conv2d(3, 8, 3)
torch.save(model.state_dict(), "model.pt")
model.load_state_dict(torch.load("model.pt", mmap=True))
torch.set_num_threads(2)
model(torch.rand(2, 3, 9, 9)).sum().backward()
print(model.weight.grad.shape[0])
"""


def test_when_honest_work_uses_files_and_figures_then_nothing_is_refused() -> None:
    with KernelClient("numpy") as kernel:
        assert output_of(kernel, HONEST) == "1.0 6.0 True\n"


def test_when_honest_work_uses_torch_then_nothing_is_refused() -> None:
    with KernelClient("torch") as kernel:
        assert output_of(kernel, HONEST_TORCH).splitlines()[0] == "8"


CALL_ALL = """
import ctypes, errno, json
libc = ctypes.CDLL(None, use_errno=True)
refused = {errno.EPERM, errno.ENOSYS}
done = []
for number in NUMBERS:
    if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() not in refused:
        done.append(number)
print(json.dumps(done))
"""
SECOND_TABLE = 0x40000000  # that of x32
UNFILTERED = {"uprobe", "uretprobe"}  # the system ends whoever calls them, filter or not


def test_when_a_call_is_not_listed_then_it_is_refused_even_if_it_is_of_a_later_system() -> None:
    listed = {*" ".join(ALLOWED.values()).split(), *LIMITED, *REFUSED, "clone", *UNFILTERED}
    table = syscalls().load_arch_table(MACHINES[os.uname().machine][0])
    numbers = {number for name, number in table.items() if name not in listed}
    known = set(table.values())
    numbers |= set(range(600)) - known | {SECOND_TABLE + number for number in range(600)}
    with KernelClient("numpy") as kernel:
        assert told(kernel, CALL_ALL.replace("NUMBERS", repr(sorted(numbers)))) == []


@pytest.mark.parametrize("name", ["statmount", "open_tree", "io_uring_setup", "ptrace", "execve"])
def test_when_a_call_reaches_out_then_it_is_not_listed(name: str) -> None:
    assert name not in {*" ".join(ALLOWED.values()).split(), *LIMITED}


@pytest.mark.parametrize("machine", MACHINES)
def test_when_the_filter_is_made_then_every_name_in_it_is_a_call(machine: str) -> None:
    assert {*" ".join(ALLOWED.values()).split(), *LIMITED, *REFUSED} <= set(syscalls().names())
    assert len(filter_program(machine)) % 8 == 0
    assert len(filter_program(machine)) // 8 < 4096  # as many as the system takes


def test_when_the_machine_is_not_known_then_no_filter_is_made() -> None:
    with pytest.raises(OSError, match=r"machine \(='vax'\) must be one of x86_64, aarch64"):
        filter_program("vax")
