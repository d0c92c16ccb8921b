"""The checks on trial: wrong implementations must fail, right ones must not.

- `edits`: wrong ones, written as changes of the solution
- `implementations`: the library of both
- `mutation`: each of them against all checks
- `matrix`: the outcome as a table
- `sample_class`: a class of known outcome
"""
