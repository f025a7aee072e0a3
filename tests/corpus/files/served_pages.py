"""Files that a server sends or a browser reads as a page, whatever they are called, and honest ones that look alike."""

from typing import Final

from tests.corpus.files.case import FileCase

_SCRIPT: Final = b"<script>alert(1)</script>"
_IMAGE: Final = b"<img src=x onerror=alert(1)>"
_XHTML: Final = b'<r xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></r>'
_STARTS: Final = (b"<b\tx>", b"<!--x-->", b"<bogus>", b"<p/>", b"<a\n>", b"<br/>", b"<h1\t>", b" \n<article>", b"<PRE>")
_XML: Final = (
    "rdf",
    "mml",
    "mathml",
    "owl",
    "smil",
    "xspf",
    "vxml",
    "rng",
    "xul",
    "opml",
    "vml",
    "xsf",
    "mno",
    "disco",
)


def _case(name: str, data: bytes, *reasons: str, policy: str = "any") -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons), policy)


_DANGEROUS: Final = (
    *(_case(f"begins-{number}.foo", start + _IMAGE, "active_handler") for number, start in enumerate(_STARTS)),
    _case("declared-xml.foo", b'\n<?xml version="1.0"?>' + _XHTML, "active_script"),
    *(_case(f"page.{suffix}", _XHTML, "active_script") for suffix in _XML),
    *(
        _case(name, b"hi " + _IMAGE, "suffix_forbidden")
        for name in ("x.html.en", "x.htm.foo", "X.XHTML.de", "x.html.foo.bar", "x.txt.html.foo")
    ),
    *(_case(f"page.{suffix}", _XHTML, "suffix_forbidden") for suffix in ("xhtm", "XHTM.de", "hxt")),
    _case("open.xhtm", b"<foo>" + _XHTML + b"</foo>", "active_script", policy="open"),
    _case("open.hxt", b"<foo>" + _IMAGE + b"</foo>", "active_handler", policy="open"),
    _case("y.html.en", b"hi " + _IMAGE, "active_handler", policy="open"),
    _case("y.svg.foo", b'<g xmlns="http://www.w3.org/2000/svg">' + _SCRIPT + b"</g>", "active_script"),
    _case("page.var", b"URI: a\n\nContent-Type: text/html\nBody:----\n" + _SCRIPT + b"\n----\n", "suffix_forbidden"),
)
_HONEST: Final = (
    _case("notes.txt", b"<b>Write</b> " + _SCRIPT),
    *(
        _case(f"about-tags.{suffix}", b"Text about `<script>alert(1)</script>` tags\n")
        for suffix in ("adoc", "asciidoc", "org", "wiki", "texi", "po", "puml")
    ),
    _case("notes.md", b'<div align="center">\n\n' + _IMAGE + b"\n\n</div>\n"),
    _case("page.html.txt", b"<!DOCTYPE html>" + _SCRIPT),
    _case("base.html.twig", b"<!DOCTYPE html>\n<html><body onload=start()>{% block a %}{% endblock %}</body></html>\n"),
    _case("index.html.j2", _SCRIPT),
    _case("report.html.pdf.md", b"# Report\n"),
    _case("less.foo", b"<3 and < 4\n" + _IMAGE),
    _case("tool.csproj", b'<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><A>1</A></PropertyGroup></Project>\n'),
    _case("README", b'<p align="center"><img src="logo.png"></p>\n\n# Title\n'),
    _case(
        "terms.rdf", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><a rdf:about="x"/></rdf:RDF>'
    ),
    _case("molecule.rdf", b"$RDFILE 1\n$DATM 01/01/24 10:00\n"),
    _case("sum.mml", b'<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'),
    _case("form.xsf", b'<xsf:a xmlns:xsf="http://schemas.microsoft.com/office/infopath/2003/x"><xsf:script/></xsf:a>'),
    _case("shape.vml", b'<v:oval xmlns:v="urn:schemas-microsoft-com:vml" fillcolor="red" on="t"/>'),
    _case("data.v2.tar.foo", b"words\n"),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
