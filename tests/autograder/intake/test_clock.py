"""Times of any zone are right to the minute, or it is said that the zone is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignments.assignment import Assignment
from autograder.intake.clock import HOURS, moment
from autograder.intake.collect import collect
from tests.autograder.downloads import GOOD, ID, NB, said, unpacked

NOON = "2026-{}-01 12:00:00"
# A short name that computers print, a place where it holds, and a month in which it does.
PRINTED = [
    ("CET", "Europe/Berlin", 1),
    ("CEST", "Europe/Berlin", 7),
    ("GMT", "Europe/London", 1),
    ("BST", "Europe/London", 7),
    ("WEST", "Europe/Lisbon", 7),
    ("EEST", "Europe/Athens", 7),
    ("EET", "Europe/Athens", 1),
    ("MSK", "Europe/Moscow", 7),
    ("EST", "America/New_York", 1),
    ("EDT", "America/New_York", 7),
    ("CDT", "America/Chicago", 7),
    ("MST", "America/Denver", 1),
    ("MDT", "America/Denver", 7),
    ("PST", "America/Los_Angeles", 1),
    ("HST", "Pacific/Honolulu", 7),
    ("PDT", "America/Los_Angeles", 7),
    ("AKDT", "America/Anchorage", 7),
    ("ADT", "America/Halifax", 7),
    ("AEST", "Australia/Sydney", 7),
    ("AEDT", "Australia/Sydney", 1),
    ("NDT", "America/St_Johns", 7),
    ("ACDT", "Australia/Adelaide", 1),
    ("AWST", "Australia/Perth", 1),
    ("JST", "Asia/Tokyo", 1),
    ("NZDT", "Pacific/Auckland", 1),
    ("NZST", "Pacific/Auckland", 7),
    ("SAST", "Africa/Johannesburg", 1),
]


@pytest.mark.parametrize(("name", "place", "month"), PRINTED)
def test_when_a_computer_prints_its_zone_then_the_time_is_the_one_that_it_means(
    name: str, place: str, month: int
) -> None:
    there = datetime(2026, month, 1, 12, tzinfo=ZoneInfo(place))
    assert there.tzname() == name
    written = NOON.format(f"{month:02}")
    assert moment(f"{written} {name}") == moment(f"{written} {place}") == there


@given(
    time=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_when_an_offset_is_written_then_it_is_taken_off(time: datetime, minutes: int) -> None:
    there = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (there.isoformat(sep=" "), there.strftime("%Y-%m-%d %H:%M:%S.%f %z")):
        assert moment(text) == there.astimezone(UTC)


@pytest.mark.parametrize("zone", ["IST", "CST", "XYZ", "Mars/Olympus", "Europe/../etc", "_"])
def test_when_a_zone_is_not_known_then_it_is_said_and_nothing_is_guessed(
    zone: str, assignment: Assignment, tmp_path
) -> None:
    assert zone not in HOURS
    clock = f"{NOON.format('07')} {zone}".encode()
    files = [(f"a/{ID}/{NB}", GOOD), (f"a/{ID}/timestamp.txt", clock)]
    collected = collect(unpacked(tmp_path, files), assignment)
    assert collected.received[0].timestamp is None
    assert "unknown zone" in said(collected) or "must look like" in said(collected)
