"""The commands of `autograder`, a module each.

- `grade`: what came in; `demo`, the sample class
- `regrade`: everybody again, after an assignment was changed
- `report`, `feedback`, `export`: what was graded, for those who teach, learn, and keep records
- `release`: the student notebooks
- `mutate`: the checks on trial
- `common`: the course of a command, its errors, what it says; `table`: the result of a run
"""
