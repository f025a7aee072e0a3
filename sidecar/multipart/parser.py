"""The strict multipart parser: bytes in, events out, the same verdict however the bytes are cut."""

from collections.abc import Callable
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.outside import delimiter_line_rule, judge_epilogue, judge_preamble, refuse_undelimited
from sidecar.multipart.part_head import common_head, parse_head, refuse_bare_line_ends
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown
from sidecar.multipart.watch import Watch, watch_for

_CRLF: Final = b"\r\n"
_BLANK_LINE: Final = b"\r\n\r\n"
# Below this, a copy costs less than a memoryview (60 against 150 ns) and does not keep the whole chunk alive.
_COPY_BELOW: Final = 512
_HYPHEN: Final = ord("-")


class Parser:
    """Reads one body of multipart/form-data (RFC 7578, RFC 2046 section 5.1.1), sans-IO.

    Only CRLF, two hyphens and the boundary make a delimiter. CR stands in a delimiter at its beginning alone, so one
    held tail is enough to decide whether the end of a chunk begins a delimiter, and no byte is looked at twice.

    Attributes:
        notes: names of the normalisations that took place (`grammar.NOTES`).
        unseen: events of the chunk that broke a rule, from before the breach; feed raised instead of giving them.
    """

    def __init__(self, boundary: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        self.notes: set[str] = set()
        self.unseen: list[Event] = []
        self._boundary, self._delimiter = boundary, b"\r\n--" + boundary
        self._limits = limits
        # The start of a body counts as the start of a line.
        self._block = bytearray(_CRLF)
        self._held, self._blank = b"", 0
        self._part = Part(0, b"", None, None)
        self._size = self._index = 0
        self._watch: Watch | None = None
        self._broken: tuple[Rule, str] | None = None
        self._step: _Step = Parser._preamble

    def feed(self, chunk: bytes) -> list[Event]:
        """Read the next bytes of the body, however many.

        Args:
            chunk: must not change as long as an event's data is in use.

        Raises:
            MalformedError: the body breaks a rule; every later call raises the same.
        """
        if self._broken is not None:
            raise MalformedError(*self._broken)
        events: list[Event] = []
        position, end = 0, len(chunk)
        try:
            while position < end:
                position = self._step(self, chunk, position, events)
        except MalformedError as error:
            self._broken, self.unseen = (error.rule, error.actual), events
            raise
        return events

    def close(self) -> None:
        """Say that the body is over.

        Raises:
            MalformedError: the body is cut off, or broke a rule before.
        """
        if self._broken is not None:
            raise MalformedError(*self._broken)
        try:
            self._finish()
        except MalformedError as error:
            self._broken = error.rule, error.actual
            raise

    def _finish(self) -> None:
        if self._step is Parser._preamble:
            refuse_undelimited(bytes(self._block[2:]), grammar.FIRST_DELIMITER_MISSING)
        if self._step is Parser._head:
            self._refuse_head("the body ends in them")
        if self._step is not Parser._epilogue:
            raise MalformedError(grammar.CLOSE_DELIMITER_MISSING, f"{self._index} whole parts")
        judge_epilogue(bytes(self._block), self._boundary)
        if len(self._block) > len(_CRLF):
            self.notes.add("epilogue")

    def _collect(self, chunk: bytes, position: int, most: int) -> int:
        """Add to the block as much of the chunk as lets it grow to `most` bytes; gives where it was cut."""
        end = position + most - len(self._block)
        self._block += chunk[position:end]
        return min(end, len(chunk))

    def _preamble(self, chunk: bytes, position: int, _events: list[Event]) -> int:
        block, before = self._block, len(self._block)
        if before == len(_CRLF) and chunk.startswith(self._delimiter[2:], position):
            block.clear()
            self._step = Parser._after_delimiter
            return position + len(self._delimiter) - 2
        most = 2 + self._limits.preamble + len(self._delimiter)
        taken = self._collect(chunk, position, most)
        found = block.find(self._delimiter, max(0, before - len(self._delimiter)))
        if found < 0:
            if len(block) == most:
                refuse_undelimited(bytes(block[2:]), grammar.PREAMBLE_TOO_LARGE)
            return taken
        self.notes |= judge_preamble(bytes(block[2:found]), self._boundary, empty_line=found == len(_CRLF))
        taken -= len(block) - found - len(self._delimiter)
        block.clear()
        self._step = Parser._after_delimiter
        return taken

    def _after_delimiter(self, chunk: bytes, position: int, events: list[Event]) -> int:
        if not self._held and (common := common_head(chunk, position, self._index, self._limits)) is not None:
            return self._behind_head(chunk, *common, events)
        taken = position + 2 - len(self._held)
        line = self._held + chunk[position:taken]
        if line in {b"\r", b"-"}:
            self._held = line
            return len(chunk)
        self._held = b""
        if line == b"--":
            self._step = Parser._epilogue
            events.append(BodyEnd(self._index))
        elif line == _CRLF:
            self._step = Parser._head
            self._block += _CRLF
        else:
            raise MalformedError(delimiter_line_rule(line), shown(line))
        return taken

    def _behind_head(self, chunk: bytes, part: Part, start: int, events: list[Event]) -> int:
        """Begin a part, or tell all of it at once where that is little and here; gives where reading goes on."""
        small = part.filename is None and self._index < self._limits.max_parts and watch_for(part) is None
        end = chunk.find(self._delimiter, start, start + _COPY_BELOW) if small else -1
        if end < 0 or chunk[start] == _HYPHEN:
            self._begin(part, events)
            return start if start == len(chunk) else self._data(chunk, start, events)
        self._index += 1
        events.append(SmallField(part, chunk[start:end]))
        return end + len(self._delimiter)

    def _head(self, chunk: bytes, position: int, events: list[Event]) -> int:
        block, before = self._block, len(self._block)
        most = len(_CRLF) + self._limits.header_block + len(_BLANK_LINE)
        taken = self._collect(chunk, position, most)
        found = block.find(_BLANK_LINE, max(0, before - len(_BLANK_LINE)))
        if found < 0:
            if len(block) == most:
                self._refuse_head(None)
            return taken
        if found == 0:
            raise MalformedError(grammar.HEADERS_MISSING, f"part {self._index}")
        taken -= len(block) - found - len(_BLANK_LINE)
        head = bytes(block[: found + len(_BLANK_LINE)])
        block.clear()
        common = common_head(head, 0, self._index, self._limits)
        part = common[0] if common else parse_head(head[2:found], self._index, self._limits, self.notes)
        self._begin(part, events)
        return taken

    def _refuse_head(self, cut: str | None) -> None:
        block = bytes(self._block)
        refuse_bare_line_ends(block[:-1] if block.endswith(b"\r") else block)
        if cut or self._delimiter in block:
            raise MalformedError(grammar.HEADER_BLOCK_UNTERMINATED, cut or "a delimiter stands among them")
        raise MalformedError(grammar.HEADER_BLOCK_TOO_LARGE, f"over {self._limits.header_block} bytes")

    def _begin(self, part: Part, events: list[Event]) -> None:
        if self._index == self._limits.max_parts:
            raise MalformedError(grammar.PARTS_BEYOND_BOUND, f"more than {self._limits.max_parts}")
        self._part, self._size = part, 0
        self._watch = watch_for(part)
        # RFC 2046 lets a part end with its headers: the blank line's CRLF may belong to the next delimiter.
        self._held, self._blank = _CRLF, 2
        self._step = Parser._data
        events.append(PartBegin(part))

    def _data(self, chunk: bytes, position: int, events: list[Event]) -> int:
        if self._held == _CRLF and self._blank and chunk[position] != _HYPHEN:
            self._held, self._blank = b"", 0
        elif self._held:
            return self._resume(chunk, position, events)
        found = chunk.find(self._delimiter, position)
        end = self._tail(chunk, position) if found < 0 else found
        if end > position:
            self._give(chunk, position, end, events)
        if found < 0:
            self._held = chunk[end:]
            return len(chunk)
        self._end(events)
        return found + len(self._delimiter)

    def _tail(self, chunk: bytes, position: int) -> int:
        """Where the end of the chunk could begin a delimiter; its length if it cannot."""
        found = chunk.rfind(b"\r", max(position, len(chunk) - len(self._delimiter) + 1))
        return found if found >= 0 and self._delimiter.startswith(chunk[found:]) else len(chunk)

    def _resume(self, chunk: bytes, position: int, events: list[Event]) -> int:
        """Decide about the held bytes with those that follow."""
        taken = position + len(self._delimiter) - len(self._held)
        candidate = self._held + chunk[position:taken]
        if self._delimiter.startswith(candidate):
            self._held = candidate
            if candidate == self._delimiter:
                if self._blank:
                    self.notes.add("delimiter_without_data")
                self._end(events)
            return min(taken, len(chunk))
        data, self._held, self._blank = self._held[self._blank :], b"", 0
        if data:
            self._give(data, 0, len(data), events)
        return position

    def _give(self, chunk: bytes, start: int, end: int, events: list[Event]) -> None:
        size = end - start
        data: bytes | memoryview = chunk
        if size < len(chunk):
            data = chunk[start:end] if size < _COPY_BELOW else memoryview(chunk)[start:end]
        self._size += size
        if self._watch is not None:
            self._watch.feed(data)
        events.append(PartData(data))

    def _end(self, events: list[Event]) -> None:
        if self._watch is not None:
            self._watch.end()
        self._held = b""
        self._index += 1
        self._step = Parser._after_delimiter
        events.append(PartEnd(self._part, self._size))

    def _epilogue(self, chunk: bytes, position: int, _events: list[Event]) -> int:
        self._collect(chunk, position, self._limits.epilogue + 1)
        if len(self._block) > self._limits.epilogue:
            judge_epilogue(bytes(self._block), self._boundary)
            raise MalformedError(grammar.EPILOGUE_TOO_LARGE, f"over {self._limits.epilogue} bytes")
        return len(chunk)


# A plain function, not a bound method: a parser that refers to itself would wait for the garbage collector.
_Step = Callable[[Parser, bytes, int, list[Event]], int]
