"""Flow control of a connection: it goes on where it was held up, and only there."""

from aiohttp.base_protocol import BaseProtocol


class Flow(BaseProtocol):
    """A protocol that is not asked to go on by every read of a body.

    aiohttp asks its parser and its transport to go on whenever a little is left to read. Either has stopped only where
    `pause_reading` was called.
    """

    __slots__ = ()

    def resume_reading(self, resume_parser: bool = True) -> None:  # noqa: FBT001, FBT002 - the signature is aiohttp's
        """Go on with what was kept back."""
        if self._reading_paused:
            super().resume_reading(resume_parser)
