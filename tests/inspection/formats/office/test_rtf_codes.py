"""What is told of a code that is read in one way is told of the same code where readers skip pieces of it."""

from itertools import product

import pytest

from sidecar.inspection.formats.office import rtf_codes
from sidecar.inspection.formats.office.addresses import is_remote
from sidecar.inspection.formats.office.fields import is_dde, reads_elsewhere
from sidecar.inspection.formats.office.readings import Patterns

WORDS = ["DDE", "ddeauto", "INCLUDETEXT", "link", "Import", "RD"]
BETWEEN = [" ", '"', ' "', "\t", " \\d ", ' "a.doc" ']
PLACES = [
    "http://h.example/a.doc", "https:", "ftp://h", "mhtml:h", "script:h", "webdav:h", "\\\\h\\s", "\\\\\\\\h\\\\s",
    "\\\\h.example\\share\\a.doc",
]  # fmt: skip
HONEST = ["a.doc", "c:\\a.doc", "file:///c:/a.doc", "h"]
REMOTE = [
    "http://h/a.dot", "HTTPS://h", "//h/a", "\\\\h\\a", "file://h.example/a", "file:\\\\host\\a", "file:////h/a",
    "files:a", "fil:a", "filea:b", "x-a+b.c:d",
]  # fmt: skip
LOCAL = [
    "file:///c:/a.dot", "file:a.dot", "file:///usr/share/a.dot", "c:\\a.dot", "c:/a.dot", "/usr/a.dot", "a.dot",
    "Normal", "", "1a:b",
]  # fmt: skip


def begins(patterns: Patterns, text: str) -> bool:
    read = patterns.start
    for character in text:
        read = patterns.after(read, character)
        if patterns.are_read(read):
            return True
    return patterns.are_read(patterns.after(read, "\0"))


def fields(words, places):
    return ["".join(pieces) for pieces in product(["", ' "'], words, BETWEEN, places)]


def test_fields_that_read_elsewhere():
    codes = fields(WORDS[2:], PLACES)
    assert [code for code in codes if not reads_elsewhere(code)] == []
    assert [code for code in codes if not begins(rtf_codes.READS_ELSEWHERE, code)] == []
    assert [code for code in codes if not begins(rtf_codes.FIELD, code)] == []


def test_fields_that_ask_programs():
    codes = [*fields(WORDS[:2], HONEST), "DDE", "ddeauto"]
    assert [code for code in codes if not is_dde(code)] == []
    assert [code for code in codes if not begins(rtf_codes.DDE, code)] == []
    assert [code for code in codes if not begins(rtf_codes.FIELD, code)] == []


def test_fields_that_do_neither():
    codes = [*fields(WORDS[2:], HONEST), *fields(["PAGE", "LINKED", "DDEX", "HYPERLINK"], PLACES), ""]
    assert [code for code in codes if is_dde(code) or reads_elsewhere(code)] == []
    assert [code for code in codes if begins(rtf_codes.FIELD, code)] == []


@pytest.mark.parametrize("before", ["", " ", "\t"])
def test_addresses(before):
    assert [each for each in (*REMOTE, *LOCAL) if is_remote(before + each)] == REMOTE
    assert [each for each in (*REMOTE, *LOCAL) if begins(rtf_codes.REMOTE, before + each)] == REMOTE
