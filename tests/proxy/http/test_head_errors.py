"""What aiohttp's errors say about a request."""

import pytest
from aiohttp.http_exceptions import BadHttpMessage, BadStatusLine, InvalidHeader, InvalidURLError, LineTooLong

from sidecar.proxy.http.head_errors import HeadTooLongError, line_limits, reason_of, words


@pytest.mark.parametrize("longest", [256, 257, 8190, 65_536])
def test_the_two_limits_of_lines_can_be_told_apart(longest):
    line, field = line_limits(longest)
    assert reason_of(400, LineTooLong(b"/a", line)).code == "target_too_long"
    assert reason_of(400, LineTooLong(b"/a", field)).code == "head_too_large"
    assert abs(line - longest) + abs(field - longest) == 1


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (400, BadHttpMessage("Too many headers received"), "head_too_large"),
        (400, HeadTooLongError(65_536), "head_too_large"),
        (400, BadHttpMessage("Invalid method encountered"), "head_malformed"),
        (408, None, "head_too_slow"),
        (500, ValueError(), "internal_error"),
    ],
)
def test_every_error_has_its_reason(status, error, code):
    assert reason_of(status, error).code == code


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LineTooLong(b"<script>", 8191), "a line of more than 8191 bytes"),
        (BadHttpMessage("Too many headers received"), "too many header fields"),
        (HeadTooLongError(65_536), "a head of more than 65536 bytes"),
        (BadHttpMessage("Duplicate Content-Length:\n\n  b'<script>'\n  ^"), "Duplicate Content-Length"),
        (BadStatusLine(error="Bad status line:\n  Expected dot:\n\n  b'<script>'\n  ^"), "Expected dot"),
        (BadStatusLine("<script>"), "bytes that are not HTTP"),
        (BadStatusLine("words"), "bytes that are not HTTP"),
        (InvalidHeader(b"words"), "bytes that are not HTTP"),
        (InvalidURLError("Words"), "bytes that are not HTTP"),
        (BadHttpMessage("<script>:\n\n"), "bytes that are not HTTP"),
        (ValueError("words"), ""),
        (None, ""),
    ],
)
def test_an_error_is_told_in_words_that_are_neither_of_the_input_nor_of_python(error, said):
    assert words(error) == said
