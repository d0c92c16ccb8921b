"""What an author writes checks with.

A check is a function of two arguments. Its docstring is the sentence the student reads, its
body calls the student's functions and compares what comes back:

    @check("conv2d", points=3)
    def non_square(student, rng):
        \"\"\"conv2d works on images that are not square\"\"\"
        image, kernel = rng.normal(size=(5, 7)), rng.normal(size=(3, 2))
        expect_close(student.conv2d(image, kernel), convolve2d(image, kernel),
                     hints={KERNEL_NOT_FLIPPED: correlate2d(image, kernel)})

- `checking`: the decorator, the student, hints, the mismatch
- `comparing`: `expect_close`, `expect_equal`, `expect_error`
- `kept`: what is said where a function changed its arguments
- `budget`: what a submission may use
- `rng`: a random generator as an argument
- `timing`: `expect_faster`
- `forbidden`: what functions may not use
- `describing`: values in words, for the feedback
"""

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
