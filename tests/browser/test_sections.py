"""The sections of the book that feedback sends students to have their address in the built book."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignments.assignment import load_assignment
from autograder.assignments.course import Course

pytestmark = pytest.mark.browser


def test_when_feedback_names_a_section_then_its_link_leads_there(course: Course, html: Path):
    for assignment in (load_assignment(course, name) for name in course.assignments()):
        hints = [hint.section for hint in assignment.hints.values()]
        taught = [assignment.section(check.function, "") for check in assignment.checks]
        for section in filter(None, {*hints, *taught}):
            page, _, anchor = section.path.partition("#")
            assert f'id="{anchor}"' in (html / page).read_text(), section
