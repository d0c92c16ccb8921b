"""Kernels for tests: run code in one and read what it said, hold several at the same time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from autograder.jail.client import KernelClient
from autograder.jail.messages import Message

SECONDS = 120.0


def output_of(kernel: KernelClient, code: str) -> str:
    """Run ``code`` and return what it printed, or the message of its exception."""
    texts: list[str] = []

    def keep(message: Message) -> None:
        content = message.content
        texts.append(content.get("text") or content.get("evalue") or "")

    kernel.run(code, SECONDS, keep)
    return "".join(texts)


def told(kernel: KernelClient, code: str) -> Any:
    """Run ``code``, which prints JSON, and return that."""
    text = output_of(kernel, code)
    try:
        return json.loads(text)
    except ValueError:
        raise AssertionError(text) from None


@contextmanager
def of_another_server(flavour: str = "numpy") -> Iterator[KernelClient]:
    """Yield a kernel of another server than that of this thread: each thread has its own."""
    with ThreadPoolExecutor(1) as other:
        kernel = other.submit(KernelClient, flavour).result()
        try:
            yield kernel
        finally:
            kernel.close()
            kernel._server.close()


def first_process(kernel: KernelClient) -> int:
    """Return the number, outside the jail, of a kernel's process."""
    for child in children(server(kernel)):
        with open(f"/proc/{child}/status", encoding="ascii") as file:
            numbers = next(line.split()[1:] for line in file if line.startswith("NSpid"))
        if int(numbers[-2]) == kernel._number and numbers[-1] == "1":
            return child
    raise ProcessLookupError(kernel._number)


def server(kernel: KernelClient) -> int:
    """Return the number, outside the jail, of the process that forked a kernel."""
    process: int = kernel._server._process.pid  # then the jail's init, who waits, the server
    for _ in range(3):
        (process,) = children(process)
    return process


def children(process: int) -> list[int]:
    """Return the numbers of the processes whose parent is ``process``."""
    with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
        return [int(number) for number in file.read().split()]
