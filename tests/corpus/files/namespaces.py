"""XML of many kinds with HTML, SVG or MathML in it: of that what runs is refused, and nothing of the rest."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import XML

_PROLOG: Final = XML.encode()
_XHTML: Final = b"http://www.w3.org/1999/xhtml"
_SVG: Final = b"http://www.w3.org/2000/svg"
_MATH: Final = b"http://www.w3.org/1998/Math/MathML"


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: _PROLOG + data, frozenset(f"active_{reason}" for reason in reasons), "open")


def feed(content: bytes) -> bytes:
    """A feed of two entries, the first of which has a page for its content."""
    return (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div xmlns="'
        + _XHTML + b'">' + content + b'</div></content><link rel="enclosure" href="https://example.com/a.mp3"/></entry>'
        b'<entry><link rel="alternate" href="https://example.com/"/><object><frame/></object></entry></feed>'
    )  # fmt: skip


def article(inside: bytes, attributes: bytes = b"") -> bytes:
    """An article of DocBook, which may hold drawings."""
    return (
        b'<article xmlns="http://docbook.org/ns/docbook" xmlns:xlink="http://www.w3.org/1999/xlink" version="5.0" '
        + attributes + b'><para><link xlink:href="https://example.com/">x</link></para>' + inside
        + b'<para><link xlink:href="https://example.com/">y</link></para></article>'
    )  # fmt: skip


_FLAT: Final = (
    b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:ooo="http://openoffice.org/2004/office" '
    b'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    b'xmlns:xhtml="http://www.w3.org/1999/xhtml" office:mimetype="application/vnd.oasis.opendocument.text">'
    b'<office:scripts><office:script script:language="ooo:Basic"/></office:scripts><office:body><office:text>'
    b'<draw:frame draw:name="a"><draw:object xlink:href="./Object 1"/><draw:image xlink:href="https://example.com/a.png"/>'
    b"</draw:frame></office:text></office:body></office:document>"
)
_REPORT: Final = (
    b'<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase" '
    b'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:xlink="http://www.w3.org/1999/xlink">'
    b'<link:schemaRef xlink:type="simple" xlink:href="https://example.com/a.xsd"/><footnote>x</footnote></xbrl>'
)
_DANGEROUS: Final = (
    _case("script-in-a-feed.atom", feed(b"<script>alert(1)</script>"), "script"),
    _case("sheet-in-a-feed.atom", feed(b'<link rel="stylesheet" href="https://a.example/a.css"/>'), "reference"),
    _case("script-deep-in-a-feed.atom", feed(b"<p>" * 99 + b"</p>" * 99 + b"<br/><b>x</b><script/>"), "script"),
    _case("script-behind-another-space.atom", feed(b'<p xmlns="urn:a"><b/></p><script/>'), "script"),
    _case("script-in-the-space-of-a-prefix.atom", feed(b'<p xmlns="urn:a" xmlns:b="%b"><b:script/></p>' % _SVG),
          "script"),
    _case("picture-in-a-drawing.xml", article(b'<svg xmlns="%b"><image href="//a.example/a"/></svg>' % _SVG),
          "reference"),
    _case("drawing-by-a-prefix.xml", article(b"<s:script/>", b"xmlns:s='%b'" % _SVG), "script"),
    _case("on-a-formula.xml", b'<a><math xmlns="%b"><mi onclick="alert()">x</mi></math></a>' % _MATH, "handler"),
    _case("address-in-a-formula.xml", b'<m:math xmlns:m="%b"><m:mi href="javascript:x"/></m:math>' % _MATH, "address"),
    _case("script-by-references.xml", b"<a b='&lt;'><b:script xmlns:b=' &#104;ttp%b '/></a>" % _XHTML[4:], "script"),
    _case("script-in-small.xml", b'<a xmlns:B="urn:a" xmlns:b="%b"><b:script/><B:p/></a>' % _XHTML, "script"),
)  # fmt: skip
_HONEST: Final = (
    _case("letter.fodt", _FLAT),
    _case("report.xbrl", _REPORT),
    _case("pictures.atom", feed(b'<p style="background:url(https://example.com/b)"><img src="//example.com/a"/></p>')),
    _case("drawings.xml", article(b'<svg xmlns="%b"><use href="#a"/></svg>' % _SVG, b"xmlns:svg='%b'" % _SVG)),
    _case("formula.xml", article(b'<m:math xmlns:m="%b"><m:mi>x</m:mi></m:math>' % _MATH)),
    _case("frames.xml", b'<a xmlns:b="%b"><script onload="x"/><frame src="https://example.com/"/></a>' % _XHTML),
    _case("prefix-in-capitals.xml", b'<a xmlns:B="urn:a" xmlns:b="%b"><B:script/><b:p/></a>' % _XHTML),
    _case("page.xhtml", b'<html xmlns="%b"><body><img src="https://example.com/a.png"/></body></html>' % _XHTML),
    _case("track.gpx", b'<gpx xmlns="http://www.topografix.com/GPX/1/1">'
          + b'<trkpt lat="48.1" lon="11.5"><ele>512.3</ele></trkpt>\n' * 400_000 + b"</gpx>"),
    _case("plot.svg", b'<svg xmlns="http://www.w3.org/2000/svg">'
          + b'<use href="#a" x="1.25" y="2.5" style="fill: #1f77b4"/>\n' * 120_000 + b"</svg>"),
)  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
