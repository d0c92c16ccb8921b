"""When something was handed in: times as people and nbgrader write them, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from autograder.harmless.text import shown

TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:([+-]\d\d:?\d\d)|([\w/+-]*))",
    re.ASCII,
)
# Hours before UTC of the short names that computers print. One that is used in several parts of
# the world for different times, such as IST, is not among them.
HOURS = {
    **{"": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2},
    **{"EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "WAT": 1, "CAT": 2, "EAT": 3, "PKT": 5},
    **{"WIB": 7, "SGT": 8, "HKT": 8, "PHT": 8, "AWST": 8, "JST": 9, "KST": 9},
    **{"ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13},
    **{"NST": -3.5, "NDT": -2.5, "ADT": -3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7},
    **{"MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3},
}


def moment(text: str) -> datetime:
    """Return the time in ``text``, in UTC.

    The zone is an offset, a short name of `HOURS`, or a place such as Europe/Berlin, whose summer
    time is taken into account; none means UTC, as in nbgrader.

    Raises:
        ValueError: it is no time, or of a zone that is not known.

    Example:
        >>> moment("2026-07-01 12:00:00.5 CEST").isoformat()
        '2026-07-01T10:00:00.500000+00:00'
        >>> moment("2026-07-01 12:00 Europe/London").hour, moment("2026-01-01 12:00 +0530").hour
        (11, 6)
    """
    match = TIMESTAMP.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{shown(text, 40)!r} must look like 2026-03-01 12:00:00 UTC")
    written, offset, name = match.groups()
    try:
        if offset:
            return datetime.fromisoformat(written + offset).astimezone(UTC)
        return datetime.fromisoformat(written).replace(tzinfo=_zone(name)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{written!r} is out of range") from error


def _zone(name: str) -> tzinfo:
    if name.upper() in HOURS:
        return timezone(timedelta(hours=HOURS[name.upper()]))
    try:
        if "/" in name:  # a short name can be a place of another continent
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise ValueError(
        f"unknown zone {shown(name, 40)!r}: write an offset such as +01:00, or a place such as "
        "Europe/Berlin"
    )
