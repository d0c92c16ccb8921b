"""The grading engine: student code runs in a jail, verdicts are made outside it."""
