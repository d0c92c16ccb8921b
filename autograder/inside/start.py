"""The first program of the jail: sets the limits, then becomes the student's kernel.

It reads one JSON object from standard input: the connection (key, a listening socket's file
descriptor per channel) and the limits. It is run as a file, next to `protocol`, by an
interpreter that sees the jail's own library folder and nothing else.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from typing import Any

INSIDE = "/inside"
LIBRARIES = "/libraries"


def set_limits(limits: dict[str, int]) -> None:
    """Lower the hard limits of this process and of all that it starts, for good."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def main() -> None:
    """Read the settings, close standard input and run the kernel until it is killed."""
    settings: dict[str, Any] = json.load(sys.stdin)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    set_limits(settings["limits"])
    sys.path.append(LIBRARIES)
    sys.path.append(INSIDE)
    import kernel  # type: ignore[import-not-found]  # beside this file

    sys.path.remove(INSIDE)  # a student's own "import kernel" must not find ours
    kernel.run(settings["connection"])


if __name__ == "__main__":
    main()
