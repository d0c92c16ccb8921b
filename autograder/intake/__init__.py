"""What came in: whose file, which file, when.

- `collect`: a folder or a zip in, one notebook a student out
- `layouts`, `owners`: whose file it is, by platform and class list
- `archives`, `zips`, `tars`: files within files, read with bounds
- `candidates`, `clock`: which of several counts, and when it came
- `recognise`, `notebookfile`, `tidy`: whether it is the assignment's notebook, and readable
- `collected`: who is received, who is refused
- `beside`, `filenames`: the files that an assignment takes beside the notebook
- `originals`: every file kept, byte for byte
"""
