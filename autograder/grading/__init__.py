"""The pure function: an assignment, a submission and a seed make a report.

- `grade`: the function
- `submission`: a notebook brought back to the shape of its release
- `session`: its cells at work in a jailed kernel
- `remote`: the student's functions as a check calls them
- `report`: the outcome, as plain data
- `executors`, `workers`, `one_thread`: where the function runs, many times
- `faults`: what went wrong on our side, in words
"""
