"""The contract of a copy: all bytes of one file of an upload, kept until nobody wants them any more."""

from typing import Final, Protocol

from sidecar.inspection.file import File

AT_HAND: Final = 64 * 1024
"""Bytes of a file that goes to a worker within the request: copying them twice costs less than a descriptor."""


class Copy(Protocol):
    """Kept whole; for the isolated workers, and for engines outside."""

    @property
    def file(self) -> File:
        """What is known of it: name, content type, SHA-256, the checks that want it."""

    @property
    def size(self) -> int:
        """Bytes."""

    def at_hand(self) -> bytes | None:
        """All bytes, where they are in memory and no more than AT_HAND; None otherwise."""

    async def descriptor(self) -> int:
        """A descriptor of its own to read the bytes from, at their beginning; whoever asks for it closes it.

        Raises:
            OSError: there is none to be had, or the disk fails.
        """
