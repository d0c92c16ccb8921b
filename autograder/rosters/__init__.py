"""Who is in the class: the list that an office saves.

- `roster`: names and numbers, looked up
- `rosterfile`: headings, blank rows and doubles of a list
- `csvfile`, `codepages`: a table in whatever separator and encoding
- `names`: names compared as people would
"""
