"""Downloads from real servers on this machine: every way in which one can break off or fail."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from convbook.data.disk import DiskError
from convbook.data.download import DownloadError, Remote, cache_folder, fetch
from tests.convbook.data.mirror import UNREACHABLE, Mirror

CONTENT = np.random.default_rng(0).bytes(300_000)
OTHER = np.random.default_rng(1).bytes(300_000)
SUM = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
OTHER_SUM = hashlib.sha256(OTHER).hexdigest()


def fetch_from(*addresses: str) -> Path:
    return fetch(Remote("file.gz", addresses, SUM), "folder")


def names(folder: Path) -> list[str]:
    """What is in the cache, but for the lock, which stays."""
    return sorted(path.name for path in folder.rglob("*") if path.suffix not in (".lock", ""))


@pytest.fixture
def part(cache: Path) -> Path:
    (cache / "folder").mkdir(parents=True)
    return cache / "folder" / "file.gz.part"


@contextmanager
def without_root() -> Iterator[None]:
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        yield
    finally:
        if root:
            os.seteuid(0)


def test_when_a_file_was_fetched_then_it_is_there_and_not_fetched_again(cache):
    mirror = Mirror(CONTENT)
    with mirror.running() as address:
        path = fetch_from(address)
        assert fetch_from(address) == path == cache / "folder" / "file.gz"
    assert path.read_bytes() == CONTENT
    assert mirror.asked == [None]
    assert names(cache) == ["file.gz"]
    assert fetch_from(UNREACHABLE) == path


def test_when_a_download_breaks_off_then_the_next_asks_for_the_rest(cache, part):
    mirror = Mirror(CONTENT, breaks_after=200_000)
    with mirror.running() as address:
        with pytest.raises(DownloadError, match=r"200000 bytes read, 100000 more expected"):
            fetch_from(address)
        assert names(cache) == ["file.gz.part"]
        assert part.read_bytes() == CONTENT[:200_000]
        assert fetch_from(address).read_bytes() == CONTENT
    assert mirror.asked == [None, "bytes=200000-"]
    assert names(cache) == ["file.gz"]


def test_when_one_mirror_breaks_off_then_the_next_mirror_goes_on():
    first, second = Mirror(CONTENT, breaks_after=1000), Mirror(CONTENT)
    with first.running() as one, second.running() as two:
        assert fetch_from(one, two).read_bytes() == CONTENT
    assert second.asked == ["bytes=1000-"]


@pytest.mark.parametrize(
    ("before", "knows_ranges", "asked"),
    [
        (CONTENT[:1000], False, ["bytes=1000-"]),
        (CONTENT, True, ["bytes=300000-"]),
        (OTHER[:1000], True, ["bytes=1000-", None]),
        (CONTENT + b"more", True, ["bytes=300004-", None]),
    ],
    ids=["ranges ignored", "already whole", "another file's", "too long"],
)
def test_when_a_part_is_there_then_the_whole_comes_whatever_the_server_does(
    part, before, knows_ranges, asked
):
    part.write_bytes(before)
    mirror = Mirror(CONTENT, knows_ranges)
    with mirror.running() as address:
        assert fetch_from(address).read_bytes() == CONTENT
    assert mirror.asked == asked


def test_when_a_checksum_is_wrong_then_the_next_mirror_is_tried(cache):
    with Mirror(OTHER).running() as wrong, Mirror(CONTENT).running() as right:
        assert fetch_from(wrong, right).read_bytes() == CONTENT
        assert names(cache) == ["file.gz"]


def test_when_every_checksum_is_wrong_then_both_sums_are_named_and_nothing_stays(cache):
    with (
        Mirror(OTHER).running() as address,
        pytest.raises(DownloadError, match=f"expected {SUM} but got {OTHER_SUM}"),
    ):
        fetch_from(address)
    assert names(cache) == []


def test_when_the_cached_file_is_damaged_then_it_is_fetched_anew(cache, part):
    part.with_suffix("").write_bytes(CONTENT[:-1])
    with Mirror(CONTENT).running() as address:
        assert fetch_from(address).read_bytes() == CONTENT


def test_when_no_mirror_answers_then_each_is_listed_with_its_reason():
    with pytest.raises(DownloadError) as caught, Mirror(b"").running() as empty:
        fetch_from(UNREACHABLE, "http://no.such.host.invalid/", empty, "nonsense/")
    lines = str(caught.value).splitlines()
    assert lines[0] == "file.gz could not be downloaded:"
    assert re.fullmatch(f"  {UNREACHABLE}file.gz: .*Connection refused", lines[1])
    assert re.fullmatch("  http://no.such.host.invalid/file.gz: .+", lines[2])
    assert "416 Client Error" in lines[3]
    assert lines[4].startswith("  nonsense/file.gz: Invalid URL")
    assert "set CONVBOOK_DATA to a folder that holds the files" in lines[5]


def test_when_two_want_the_same_file_at_once_then_one_downloads_it():
    mirror = Mirror(CONTENT)
    with mirror.running() as address, ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch_from(address), range(4)))
    assert len(set(paths)) == len(mirror.asked) == 1


def test_when_a_file_comes_then_a_bar_shows_it_and_pooch_says_nothing(capfd, caplog):
    caplog.set_level(logging.DEBUG)
    with Mirror(CONTENT).running() as address:
        fetch_from(address)
    out, err = capfd.readouterr()
    assert out == ""
    assert "file.gz: 100%" in err
    assert "SHA256" not in err + caplog.text


def test_when_the_device_is_full_then_the_message_names_folder_bytes_and_variable(part):
    part.symlink_to("/dev/full")
    with Mirror(CONTENT).running() as address, pytest.raises(DiskError) as caught:
        fetch_from(address)
    assert f"{part.parent} has no room for file.gz (300,000 bytes): free some" in str(caught.value)
    assert "set CONVBOOK_CACHE to a folder elsewhere" in str(caught.value)
    assert names(part.parent) == []


def test_when_the_disk_fills_up_then_nothing_of_the_file_stays(tiny_disk, monkeypatch):
    monkeypatch.setenv("CONVBOOK_CACHE", str(tiny_disk))
    with (
        Mirror(CONTENT).running() as address,
        pytest.raises(DiskError, match=r"no room for file\.gz \(300,000 bytes\)"),
    ):
        fetch_from(address)
    assert names(tiny_disk) == []


def test_when_a_file_stands_where_the_cache_should_be_then_the_error_says_where(cache):
    cache.write_text("in the way")
    with pytest.raises(DiskError, match=r"cache/folder cannot be written \(Not a directory\)"):
        fetch_from(UNREACHABLE)


def test_when_the_cache_may_not_be_written_then_the_error_says_so(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    monkeypatch.setenv("CONVBOOK_CACHE", str(tmp_path / "closed"))
    with (
        without_root(),
        pytest.raises(DiskError, match=r"closed/folder cannot be written \(Permission denied\)"),
    ):
        fetch_from(UNREACHABLE)
    tmp_path.chmod(0o700)


def test_when_no_variable_is_set_then_the_cache_is_the_users_own(monkeypatch):
    monkeypatch.delenv("CONVBOOK_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/convbook")
    monkeypatch.setenv("CONVBOOK_CACHE", "~/elsewhere")
    assert cache_folder() == Path.home() / "elsewhere"
