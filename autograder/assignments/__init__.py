"""What the assignments are: a folder each, and how the grader reads them.

- `course`: where the parts of a course are
- `assignment`: the released cells and the trusted checks
- `marks`: nbgrader's marks on cells
- `releases`: every release that was handed out
- `a01_convolution`: its checks and its misconceptions; so for every other
"""
