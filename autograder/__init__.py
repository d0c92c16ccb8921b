"""The grading engine: student code runs in a jail, verdicts are made outside it."""

import sys

# jsonschema would import it to check IRIs, which takes a second; no notebook has one.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
