"""What an author writes checks with.

The module ``autograder/assignments/a03_topic/checks.py`` says what holds for a whole assignment,
and its checks, in the order of the notebook:

    FLAVOUR = "numpy"                       # what the student's kernel may import
    BUDGET = Budget(check=20.0)             # if it needs more than is usual
    SECTIONS = {"conv2d": Section("convolution-2d", "The definition")}  # to read where it fails
    ARGUMENTS_STAY = True                   # a call that changes what it is given fails the check
    READY_MADE = Forbidden("scipy", points=2)   # costs a function that leads there two points

    @check("conv2d", points=3)
    def non_square(student, rng):
        \"\"\"conv2d works on images that are not square\"\"\"
        image, kernel = rng.normal(size=(5, 7)), rng.normal(size=(3, 2))
        expect_close(student.conv2d(image, kernel), convolve2d(image, kernel),
                     hints={KERNEL_NOT_FLIPPED: correlate2d(image, kernel)})

    @check("conv2d", points=1)
    def fast(student, rng):
        \"\"\"conv2d is at least 20 times as fast as the loop above\"\"\"
        cases = ((rng.normal(size=(90, 90)), rng.normal(size=(5, 5))) for _ in range(3))
        expect_faster(student.conv2d, student.handed_out.conv2d_loop, cases, times=20)

A check is a function of two arguments. Its docstring is the sentence that the student reads, its
body asks the student's functions and compares what comes back. All points of a check are earned or
none; those of a function add up to the points of its test cell.

- `student`: every name of the notebook; `autograder.grading.remote` says what can be done with one
- `rng`: made from the seed of the run, so that the same file meets the same inputs again
- ``ARGUMENTS_STAY``: a promise for the text of the assignment, too. A check may say otherwise by
  ``arguments_stay=False``, or be the only one that says so: then that is all it costs
- `Forbidden`: followed from the text of each graded function; with 0 points it is a notice alone
- `expect_faster`: the loop is a locked cell of the release, and runs where no student's code ever
  did. It stops the notebook meanwhile, and that time counts for nobody

Where it stands:

- `book`: where the book teaches a function, or mends a misconception
- `checking`: the decorator, the student, hints, the mismatch
- `comparing`: `expect_close`, `expect_equal`, `expect_error`
- `timing`: `expect_faster`
- `kept`: what is said where a function changed its arguments
- `rng`: a random generator as an argument
- `budget`: what a submission may use
- `forbidden`: what functions may not use
- `files`, `tensorfile`: what is handed in beside the notebook
- `inputs`: the kinds of input that checks send, and how each is drawn
- `describing`: values in words, for the feedback
"""

from autograder.checks.book import Section
from autograder.checks.budget import Budget
from autograder.checks.checking import (
    Check,
    Hint,
    Mismatch,
    Student,
    StudentError,
    check,
    when_asked,
)
from autograder.checks.comparing import expect_close, expect_equal, expect_error
from autograder.checks.describing import describe
from autograder.checks.forbidden import Forbidden
from autograder.checks.kept import argument_changed
from autograder.checks.rng import Rng
from autograder.checks.timing import expect_faster

__all__ = [
    "Budget",
    "Check",
    "Forbidden",
    "Hint",
    "Mismatch",
    "Rng",
    "Section",
    "Student",
    "StudentError",
    "argument_changed",
    "check",
    "describe",
    "expect_close",
    "expect_equal",
    "expect_error",
    "expect_faster",
    "when_asked",
]
