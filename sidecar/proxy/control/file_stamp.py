"""Tells whether files have changed without reading them."""

import os
from collections.abc import Iterable

Stamps = tuple[tuple[str, tuple[int, ...]], ...]


def stamps(paths: Iterable[str]) -> Stamps:
    """What changes when one of some files does: of each its inode, size and time, links followed.

    Of one that is missing it is nothing. The time is that of the inode, which leave to read changes, too.
    """
    return tuple((path, _stamp(path)) for path in sorted(set(paths)))


def _stamp(path: str) -> tuple[int, ...]:
    try:
        seen = os.stat(path)  # noqa: PTH116 - Path.stat says the same in more words
    except (OSError, ValueError):  # a NUL is in no path
        return ()
    return (seen.st_dev, seen.st_ino, seen.st_size, seen.st_ctime_ns)
