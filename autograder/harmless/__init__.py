"""What strangers wrote, made safe to hold and to show.

- `text`: names and messages as plain text
- `limits`: how much of anything is shown
- `bounded_json`: JSON whose size in memory is known before it is parsed
- `markup`: the Markdown of a student as harmless HTML
- `formulas`: which TeX is typeset
- `images`: what is a picture, and how large
- `outputs`: what a cell has put out
"""
