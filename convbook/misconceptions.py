"""What people usually get wrong: each name and its sentence once, for the widgets and the grader.

The table is ``misconceptions.json``, which ``widgets/predicting/slips.js`` reads too. A name stays
what it is: reports that were kept and pages of the course refer to it.
"""

from __future__ import annotations

import json
from pathlib import Path

MISCONCEPTIONS: dict[str, str] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
