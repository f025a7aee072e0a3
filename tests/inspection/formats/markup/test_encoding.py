"""Only what has the letters of ASCII at their places is read as if it had."""

import pytest

from sidecar.inspection.formats.markup.encoding import with_ascii

TEXT = '<?xml version="1.0"?><a b="é"/>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_shows_its_encoding_by_its_bytes_is_read_as_utf_8(encoding):
    assert with_ascii(TEXT.encode(encoding)) == TEXT.encode()


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be", "cp037", "cp500"])
def test_what_is_not_made_of_ascii_is_not_read(encoding):
    assert with_ascii(TEXT.encode(encoding)) is None


@pytest.mark.parametrize(
    "name",
    ["UTF-7", "iso-2022-jp", "ISO2022-KR", "cp037", "IBM1047", "utf-16le", "UCS-2", "cp1026", "ISO-10646-UCS-2",
     "ISO-10646-UCS-4", "utf-32", "hz-gb-2312", "", "unknown"],
)  # fmt: skip
@pytest.mark.parametrize("blanks", [0, 300, 900, 5000])
def test_a_declared_encoding_without_ascii_is_not_read(name, blanks):
    declaration = '<?xml version="1.0"' + " " * blanks + f" encoding='{name}'?><a/>"
    assert with_ascii(declaration.encode()) is None


def test_the_last_of_several_encodings_counts_too():
    assert with_ascii(b"<?xml encoding='utf-8' encoding='utf-7'?><a/>") is None


def test_talk_of_encodings_behind_the_declaration_is_honest():
    text = b"<?xml version='1.0'?><a encoding='utf-7'>\x1b[1m encoding='utf-7'</a>"
    assert with_ascii(text) == text
