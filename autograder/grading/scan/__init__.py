"""Looks through a notebook for what its assignment forbids, such as ``np.convolve``.

The text is read, nothing of it runs: aliases, helpers, other cells and plain texts of code are
followed from each graded function. What is not reached from one, such as a comparison below it, is
nobody's business. Code that makes up names while it runs is not followed, and a name may be
reached that is never used: what is found is a reason for a person to look, and no proof.

- `syntax`: cells as syntax trees, within bounds
- `names`: where names get their values
- `paths`: which names of libraries an expression may be
- `reader`: what a function leads to
- `findings`: which of that is forbidden
- `telling`: what is found, in words and in points
"""
