"""What a student reads: one small page that runs no script.

- `fixing`: what to mend first
- `verdicts`: the verdicts on a function
- `page`: the whole page
- `formulas`: the formulas in it
- `shown`: the notebook in it, made harmless
- `formgrader`: the page of those who grade by hand
- `pages`: the templates
"""
