"""Drawings that load from another host in ways that browsers and converters take, and their honest neighbours."""

import base64
import gzip
from typing import Final

from tests.corpus.files.active_text import page, svg
from tests.corpus.files.case import FileCase
from tests.corpus.files.packing import PNG

_XHTML: Final = b'xmlns:x="http://www.w3.org/1999/xhtml"'
_HOST: Final = b"http://a.example/"
_IMPORT: Final = b"@import url(%b);" % _HOST
_SHEETS: Final = {
    "plain": b"data:text/css,@import%20url(http://a.example/);",
    "packed": b"data:text/css;charset=utf-8; BASE64," + base64.b64encode(_IMPORT),
    "packed-before-a-fragment": b"data:;base64," + base64.b64encode(_IMPORT) + b"#x",
    "wide": b"data:text/css;charset=utf-16le," + b"".join(b"%%%02x%%00" % each for each in _IMPORT),
    "marked": b"data:text/css,%ff%fe" + b"".join(b"%%%02x%%00" % each for each in _IMPORT),
    "shifted": b"data:text/css;charset=iso-2022-jp,@im%1b(Bport%20url(http://a.example/);",
}
_ELEMENTS: Final = {
    "set": b'<x:img srcset="%b 1x"/>',
    "set-behind-others": b'<x:img srcset="a,b 1x,data:,c 2x , %b 3x"/>',
    "source": b'<x:picture><x:source srcset="%b 1x"/><x:img/></x:picture>',
    "preload": b'<x:link rel="preload" as="image" imagesrcset="%b 1x"/>',
    "poster": b'<x:video poster="%b"/>',
    "background": b'<x:table background="%b"/>',
    "set-later": b'<image href="a.png"><set attributeName="href" to="%b"/></image>',
    "animated": b'<image href="a.png"><animate attributeName="href" values="b.png;%b" dur="1s"/></image>',
    "animated-property": b'<rect><set attributeName="filter" to="url(%b#a)"/></rect>',
    "animated-properties": b'<rect><animate attributeName="fill" values="red;url(%b#a)"/></rect>',
    "base": b'<g xml:base="%b"><image href="a.png"/></g>',
}
_STYLES: Final = {
    "property": b'svg{--a:"%b";background:image-set(var(--a) 1x)}',
    "property-of-a-set": b'svg{--a:image-set(var(--b) 1x);--b:"%b";background:var(--a)}',
    "declared-property": b'@property --a{syntax:"*";inherits:false;initial-value:"%b"}g{fill:image-set(var(--a) 1x)}',
    "function": b'@function --f(){result:"%b"}svg{background:image-set(--f() 1x)}',
    "choice": b'svg{background:image-set(if(media(print):"a.png";else:"%b") 1x)}',
    "property-behind-a-class": b'.a--b{--a:"%b"}.a--c:hover{content:"x";background:image-set(var(--a) 1x)}',
    "property-called-content": b'svg{--content:"%b";background:image-set(var(--content) 1x)}',
    "content-of-a-set": b'svg{content:image-set("%b" 1x)}',
    "function-on-a-line-of-its-own": b'@function\n--f(){result:"%b"}svg{background:image-set(var(--a) 1x)}',
    "argument-on-a-line-of-its-own": b'svg{background:red\n--f("%b")}',
    "string-between-contents": b"svg{x:';content:';--a:\"%b'\"}",
    "font": b'@font-face{font-family:a;src:src("%b")}',
    "half-a-namespace": b"svg{background:/*@namespace */url(%b)}",
    "tab": b'svg{background:url("ht\ttp://a.example/")}',
    "tab-in-an-escape": b'svg{background:url("ht\\9 tp://a.example/")}',
    "line-end-in-an-escape": b"svg{background:url(ht\\a tp://a.example/)}",
    "line-that-goes-on": b'svg{background:url("ht\\\ntp://a.example/")}',
    "two-slashes": b'svg{background:url("/\\\\a.example/")}',
    "file-of-a-machine": b'svg{background:url("file://a.example/b.png")}',
}

_LOADS: Final = svg(b'<image href="%b"/>' % _HOST)
_OPENS: Final = svg(b'<image href="text:/etc/passwd"/>')
_RUNS: Final = svg(b"<script>a</script>")


def _in(drawing: bytes, kind: bytes = b"image/svg+xml") -> bytes:
    return svg(b'<image href="data:%b;base64,%b"/>' % (kind, base64.b64encode(drawing)))


_WITHIN: Final = {
    "loads": _in(_LOADS),
    "opens": _in(_OPENS),
    "called-pixels": _in(_OPENS, b"image/png"),
    "twice": _in(_in(_LOADS)),
    "wide": _in(_LOADS.decode().encode("utf-16")),
    "packed": _in(gzip.compress(_LOADS)),
    "escaped": svg(b"<image href='data:image/svg+xml,%%3Cimage href=%%22%b%%22/%%3E'/>" % _HOST),
}


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"active_{reason}" for reason in reasons), "open")


_DANGEROUS: Final = (
    *(_case(f"{name}.svg", svg(element.replace(b"%b", _HOST), _XHTML), "reference")
      for name, element in _ELEMENTS.items()),
    *(_case(f"style-{name}.svg", svg(b"<style>%b</style>" % style.replace(b"%b", _HOST)), "reference")
      for name, style in _STYLES.items()),
    *(_case(f"sheet-{name}.svg", svg(b'<x:link rel="stylesheet" href="%b"/>' % sheet, _XHTML), "reference")
      for name, sheet in _SHEETS.items()),
    *(_case(f"named-sheet-{name}.svg", b'<?xml-stylesheet type="text/css" href="%b"?>' % sheet + svg(b""), "reference")
      for name, sheet in _SHEETS.items()),
    *(_case(f"sheet-{name}.html", page(b'<link rel="stylesheet" href="%b">' % sheet), "reference")
      for name, sheet in _SHEETS.items()),
    _case("within-five-others.svg", _in(_in(_in(_in(_in(_LOADS))))), "not_read"),
    *(_case(f"within-{name}.svg", data, "reference") for name, data in _WITHIN.items()),
    _case("property-of-an-attribute.svg", svg(b"<style>g{background:image-set(var(--a) 1x)}</style>",
          b"style='--a:\"http://a.example/\"'"), "reference"),
    _case("sheet-by-default.svg", b'<!DOCTYPE svg [<!ATTLIST x:link rel CDATA "stylesheet">]>'
          + svg(b'<x:link href="%b"/>' % _SHEETS["plain"], _XHTML), "reference"),
)  # fmt: skip
_HONEST: Final = (
    _case("styled-by-itself.svg",
          b'<?xml-stylesheet type="text/css" href="data:text/css,g%7Bfill:red%7D"?>' + svg(b"")),
    _case("saved-as-one-file.html", page(b'<link rel=stylesheet href="data:text/css;base64,'
          + base64.b64encode(b"p{background:url(https://a.example/b.png)}")
          + b'"><link rel=preload as=font href="data:font/woff2;base64,d09GMgABAAAAABsoJEI="><img src="a.png" '
          b'srcset="https://a.example/b.png 2x">')),
    _case("properties.svg", svg(b"<style>:root{--a:red;--b:url(#c);--d:'x y'}g{fill:var(--a);color:var(--b)}"
          b"a[href ^= 'https://a.example']{fill:var(--a)}</style><g style='--a:blue;fill:var(--a)'/>")),
    *(_case(f"{name}.svg", svg(b"<style>%b</style>" % style)) for name, style in {
        "class-with-hyphens": b'.btn--big{fill:red}.b--x::after { content : "https://a.example" }',
        "shown-slashes": b':root{--a:#fff}.a{fill:var(--a)}.a::before{content:"//"}.b::before{x:y;content:\'//\'}',
    }.items()),
    _case("namespaces-in-css.svg", svg(b"<style>@namespace 'http://www.w3.org/2000/svg';\n@namespace x\n"
          b'url( "http://www.w3.org/1999/xhtml" );\tg{fill:red}</style>')),
    _case("font-within.svg", svg(b"<style>@font-face{src:url('data:font/woff;base64,d09GRg//AA=='),\n"
          b'\turl("a.woff")}</style>')),
    _case("sets-nearby.svg", svg(b'<x:img srcset="a.png, b.png 2x, data:image/png;base64,//AA 3x"/>', _XHTML)),
    _case("animated-much.svg", svg(b'<animate attributeName="d" values="%b"/>' % (b"M0 0h9v9z;" * 9000) * 50)),
    _case("asked-by-a-click.svg", svg(b'<a href="https://a.example/" ping="https://a.example/p"><text>x</text></a>'
          b'<x:blockquote cite="https://a.example/">x</x:blockquote>', _XHTML)),
    _case("runs-in-a-picture.svg", _in(_in(_RUNS))),
    _case("picture.svg", _in(PNG, b"image/png")),
    _case("pictures.svg", svg(b'<image href="data:image/svg+xml,%3Csvg/%3E"/>' * 5000)),
    _case("animated-colours.svg", svg(b'<animate attributeName="fill" values="rgb(1,2,3);url(#a);red" dur="1s"/>')),
    _case("based-nearby.svg", svg(b'<g xml:base="parts/"><use href="b.svg#c"/></g>')),
)  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
