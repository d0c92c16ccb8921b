"""How the class did, summed up from its reports.

- `summary`: the numbers
- `tables`, `page`: in the terminal, as a page
"""
