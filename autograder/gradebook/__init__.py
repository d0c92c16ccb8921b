"""What is recorded: nbgrader's gradebook, and the files beside it.

- `opening`: the way in, which waits and explains
- `release`: from the text in `solutions` to what students receive
- `cells`, `grades`, `hand`: the tables, read and made alike
- `enrolment`, `roll`: who is in the class
- `transaction`, `recording`, `submitted`: one student, one step
- `preprocessors`: the same grading inside plain nbgrader
- `redraw`, `regrade`: pages and grades made again
"""
