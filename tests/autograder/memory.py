"""How much memory it takes to take in what was handed in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from autograder.assignments.course import Course

PEAK = """\
import json, re, sys
from pathlib import Path
from autograder.assignments.assignment import load_assignment
from autograder.intake.collect import collect
from autograder.assignments.course import Course

def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\\s*(\\d+)", status)[1]) // 1024

assignment = load_assignment(Course.find(), "01-convolution")
before = peak()
collected = collect(Path(sys.argv[1]), assignment)
sizes = [len(item.read()) for item in collected.received]
print(json.dumps([peak() - before, sizes]))
"""


def peak(course: Course, source: Path) -> tuple[int, list[int]]:
    """Return by how many MiB a fresh process grew, and the sizes of what it passes on."""
    command = [sys.executable, "-c", PEAK, str(source)]
    environment = os.environ | {"PYTHONPATH": str(course.root)}
    done = subprocess.run(
        command, cwd=course.root, env=environment, capture_output=True, text=True, check=True
    )
    grown, sizes = json.loads(done.stdout)
    return grown, sizes
