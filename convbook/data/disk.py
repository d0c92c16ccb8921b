"""What to do about a disk that is full or may not be written: said once, for all who write."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST)


class DiskError(OSError):
    """A folder is full or may not be written; the message says what to do about it."""


@contextmanager
def writing(folder: Path, what: str, elsewhere: str) -> Iterator[None]:
    """Explain why the operating system refuses what the block writes.

    Args:
        folder: where the block writes.
        what: it writes, as in ``"labels.npy (80,128 bytes)"``.
        elsewhere: how to write to another folder, as in ``"set CONVBOOK_CACHE to another"``.

    Raises:
        DiskError: with the ``errno`` of the cause. Every other error passes as it is.
    """
    try:
        yield
    except DiskError:
        raise
    except OSError as error:
        if error.errno in FULL:
            reason = f"{folder} has no room for {what}: free some, or {elsewhere}"
        elif error.errno in CLOSED:
            reason = f"{folder} cannot be written ({error.strerror}): allow it, or {elsewhere}"
        else:
            raise
        raise DiskError(error.errno, reason) from error
