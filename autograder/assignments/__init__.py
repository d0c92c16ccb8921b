"""What the assignments are: a folder each, and how the grader reads them.

- `course`: where the parts of a course are
- `assignment`: the released cells and the trusted checks
- `modules`: the Python modules of an assignment, the course's own or the grader's
- `catalogue`: misconceptions that several assignments name
- `marks`: nbgrader's marks on cells
- `releases`: every release that was handed out
- a folder each: `checks`, `misconceptions`, and in `wrong/` and `right/` the implementations on
  which the checks are tried
"""
