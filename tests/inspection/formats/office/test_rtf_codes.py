"""What is told of a code that is read in one way is told of the same code where readers skip pieces of it."""

from itertools import product

import pytest

from sidecar.inspection.formats.office import rtf_codes
from sidecar.inspection.formats.office.addresses import is_remote
from sidecar.inspection.formats.office.fields import is_dde, reads_elsewhere
from sidecar.inspection.formats.office.readings import Patterns

WORDS = ["DDE", "ddeauto", "INCLUDETEXT", "link", "Import", "RD", "include", "DATABASE"]
BETWEEN = [" ", '"', ' "', "\t", " \\d ", ' "a.doc" ', " \u201c", " \x93"]
PLACES = [
    "http://h.example/a.doc", "https:", "ftp://h", "mhtml:h", "script:h", "webdav:h", "x-a+b.1://h/a", "ms-its:h",
]  # fmt: skip
SHARES = [
    "\\\\h\\s", "\\\\\\\\h\\\\s", "\\\\h.example\\share\\a.doc", "//h/s/a.doc", "file://h.example/s/a.doc",
    "file:\\\\\\\\h\\\\s", "FILE:////h/s",
]  # fmt: skip
INSIDE = ['DATABASE \\c "DBQ=\\\\h\\s\\a.mdb;DSN=a"', 'DATABASE \\c "Source=http://h/a"', "INCLUDETEXT 'http://h/a'"]
"""Addresses within an argument."""
HONEST = [
    "a.doc", "c:\\a.doc", "C:\\\\a\\\\b.doc", "file:///c:/a.doc", "h", "C://a/b.doc", "file:///usr/a.doc", "../a.doc",
    "file://localhost/Users/a.doc",
]  # fmt: skip
BESIDE = [
    'LINK Excel.Sheet.12 "C:\\\\a b.xlsx" "R1C1:R9C9" \\a \\f 4 \\r',
    'LINK Excel.Sheet.8 "Macintosh HD:Users:a.xls" A1:B9',
    'DATABASE \\d "C:\\\\a.mdb" \\c "DSN=MS Access;DBQ=C:\\\\a.mdb;" \\s "SELECT * FROM [a:b] WHERE c = \'d\'"',
]  # fmt: skip
"""Places within a document, and on disks that have names."""
REMOTE = [
    "http://h/a.dot", "HTTPS://h", "//h/a", "\\\\h\\a", "file://h.example/a", "file:\\\\host\\a",
    "file://local/a", "file://localhosts/a", "file://locahlost/a", "file:////h/a",
    "files:a", "fil:a", "filea:b", "x-a+b.c:d",
]  # fmt: skip
LOCAL = [
    "file://localhost/Users/a.dot", "file:///c:/a.dot", "file:a.dot",
    "file:///usr/share/a.dot", "c:\\a.dot", "c:/a.dot", "/usr/a.dot", "a.dot",
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


def reads(code):
    """Whether a code is told in Rich Text."""
    reading = begins(rtf_codes.READING, code) and begins(rtf_codes.REMOTE_WORD, code)
    return reading or (begins(rtf_codes.SHOWING, code) and begins(rtf_codes.SHARED_WORD, code))


def test_fields_that_read_elsewhere():
    codes = [*fields(WORDS[2:], [*PLACES, *SHARES]), *fields(["INCLUDEPICTURE"], SHARES), *INSIDE]
    assert [code for code in codes if not reads_elsewhere(code)] == []
    assert [code for code in codes if not reads(code)] == []
    assert [code for code in codes if not begins(rtf_codes.FIELD, code)] == []


def test_fields_that_ask_programs():
    codes = [*fields(WORDS[:2], HONEST), "DDE", "ddeauto"]
    assert [code for code in codes if not is_dde(code)] == []
    assert [code for code in codes if not begins(rtf_codes.DDE, code)] == []
    assert [code for code in codes if not begins(rtf_codes.FIELD, code)] == []


def test_fields_that_do_neither():
    own = [*fields([*WORDS[2:], "includepicture"], HONEST), *fields(["INCLUDEPICTURE"], PLACES), *BESIDE]
    codes = [*own, *fields(["PAGE", "LINKED", "DDEX", "HYPERLINK"], [*PLACES, *SHARES]), ""]
    assert [code for code in codes if is_dde(code) or reads_elsewhere(code)] == []
    assert [code for code in codes if begins(rtf_codes.DDE, code) or reads(code)] == []


@pytest.mark.parametrize("before", ["", " ", "\t"])
def test_addresses(before):
    assert [each for each in (*REMOTE, *LOCAL) if is_remote(before + each)] == REMOTE
    assert [each for each in (*REMOTE, *LOCAL) if begins(rtf_codes.REMOTE, before + each)] == REMOTE
