"""The way out: grades and pages for a university's system.

- `exporters`: a spreadsheet, Canvas, Moodle, JSON
- `worksheet`: Moodle's grading worksheet, filled in
- `returns`: feedback under the names that a platform takes back
"""
