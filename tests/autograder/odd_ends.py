"""Notebooks that end their kernel, or leave something that would: each has one right result.

`ENDS` maps a name to code that is put above `conv2d` in its own cell, and the points that the
solved notebook has left with it: 14 where the cell is to blame and left out, 17 where nobody is.
"""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from tests.autograder.honest import above

ENDS: dict[str, tuple[str, int]] = {
    "exit()": ("exit()", 14),
    "quit() in the middle": ("x = 1\nquit()\ny = 2", 14),
    "os._exit": ("import os\nos._exit(0)", 14),
    "an exit of the process by a thread": (
        "import os, threading\nthreading.Thread(target=os._exit, args=[1]).start()",
        14,
    ),
    "an exit of the process by a timer": (
        "import os, threading\nthreading.Timer(0.4, os._exit, [1]).start()",
        14,
    ),
    "an exit of the process by a late timer": (
        "import os, threading\nthreading.Timer(3.7, os._exit, [1]).start()",
        17,
    ),
    "an exit of the process by a task": (
        "import asyncio, os\n"
        "async def end():\n    await asyncio.sleep(0.3)\n    os._exit(1)\n"
        "task = asyncio.create_task(end())",
        14,
    ),
    "exit() by a task": (
        "import asyncio\n"
        "async def end():\n    await asyncio.sleep(0.1)\n    exit()\n"
        "task = asyncio.create_task(end())",
        14,
    ),
    "sys.exit() in a task": (
        "import asyncio, sys\nasync def end():\n    sys.exit()\ntask = asyncio.create_task(end())",
        17,
    ),
    "a call of the loop": (
        "import asyncio, os\nasyncio.get_running_loop().call_later(0.2, os._exit, 1)",
        14,
    ),
    "an alarm": (
        "import os, signal\n"
        "signal.signal(signal.SIGALRM, lambda *_: os._exit(1))\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.3)",
        14,
    ),
    "the loop stopped": ("import tornado.ioloop\ntornado.ioloop.IOLoop.current().stop()", 14),
    "a shutdown of the kernel": ("get_ipython().kernel.do_shutdown(True)", 14),
    "sys.exit()": ("import sys\nsys.exit()", 17),
    "a thread that fails": (
        "import threading\nthreading.Thread(target=lambda: 1 / 0).start()",
        17,
    ),
}


def ending(solved: NotebookNode, name: str) -> bytes:
    """Return the file of the solved notebook with the code of ``name``."""
    notebook = nbformat.from_dict(solved)
    above(ENDS[name][0], "conv2d")(notebook)
    return nbformat.writes(notebook).encode()
