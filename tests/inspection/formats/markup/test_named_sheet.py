"""Of instructions only `xml-stylesheet` names a sheet; what is not plainly CSS is none."""

import pytest

from sidecar.inspection.formats.markup.named_sheet import NamedSheet, named_sheet


@pytest.mark.parametrize(
    ("instruction", "sheet"),
    [
        (b'xml-stylesheet type="text/css" href="a.css"?>', NamedSheet(is_css=True, address=b"a.css")),
        (b"xml-stylesheet href=' h\tttp://x ' type = 'Text/CSS'?>", NamedSheet(is_css=True, address=b"http://x")),
        (b'xml-stylesheet type="text/xsl" href="a.xsl"?>', NamedSheet(is_css=False, address=b"a.xsl")),
        (b'xml-stylesheet href="a.css"?>', NamedSheet(is_css=False, address=b"a.css")),
        (b'xml-stylesheet type="text/css" type="text/xsl" href="a"?>', NamedSheet(is_css=False, address=b"a")),
        (b'xml version="1.0"?>', None),
        (b"xml-stylesheets type='text/css'?>", None),
    ],
)
def test_instructions(instruction, sheet):
    assert named_sheet(instruction) == sheet
