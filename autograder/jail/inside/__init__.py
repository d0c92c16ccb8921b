"""The only code of the grader that is mounted inside the jail; it holds no answers."""
