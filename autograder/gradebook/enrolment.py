"""Who is in the class: names and numbers of the roster in nbgrader's gradebook."""

from __future__ import annotations

from dataclasses import replace

from nbgrader.api import Student

from autograder.assignments.course import Course
from autograder.gradebook.opening import opened
from autograder.gradebook.release import nbgrader_api
from autograder.intake.collect import Collected
from autograder.rosters.roster import Person


def enrol(course: Course, collected: Collected) -> None:
    """Enter everybody of the roster in the gradebook, and the numbers that Canvas wrote.

    What is known is entered; what a person entered stays where nothing is known. Canvas' number
    becomes nbgrader's ``lms_user_id``.

    Raises:
        autograder.gradebook.opening.GradebookError: the gradebook cannot be written.
    """
    people = _people(collected)
    if not people:
        return
    course.grading.mkdir(parents=True, exist_ok=True)
    with opened(nbgrader_api(course).coursedir, write=True) as gradebook:
        known = {student.id: student for student in gradebook.students}
        for person in people:
            student = known.get(person.id) or Student(id=person.id)
            gradebook.db.add(student)
            _enter(student, person)
        gradebook.db.commit()


def _people(collected: Collected) -> list[Person]:
    """Return one person an id, with the number that a file of Canvas has."""
    people: dict[str, Person] = {}
    for person in collected.people:
        before = people.get(person.id, person)
        filled = {name: value or getattr(before, name) for name, value in vars(person).items()}
        people[person.id] = Person(**filled)
    for item in collected.received:
        if item.platform == "canvas" and item.number.isdecimal():
            person = people.get(item.student, Person(item.student))
            people[item.student] = replace(person, canvas=person.canvas or item.number)
    return list(people.values())


def _enter(student: Student, person: Person) -> None:
    facts = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "lms_user_id": person.canvas,
    }
    for name, value in facts.items():
        if value:
            setattr(student, name, value)
