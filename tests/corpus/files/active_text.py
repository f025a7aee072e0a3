"""HTML, SVG and XML that run or load something, and honest drawings and pages as programs write them."""

import gzip
from typing import Final

from tests.corpus.files.case import FileCase

_NS: Final = b'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
_XHTML: Final = b"http://www.w3.org/1999/xhtml"
_E: Final = "é".encode()
_PROLOG: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def svg(inside: bytes, attributes: bytes = b"") -> bytes:
    """A drawing."""
    return b"<svg " + _NS + b" " + attributes + b'><rect width="9" height="9"/>' + inside + b"</svg>\n"


def page(inside: bytes) -> bytes:
    """A page."""
    return b"<!DOCTYPE html>\n<html><head><title>x</title></head><body>" + inside + b"</body></html>\n"


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"active_{reason}" for reason in reasons), "open")


_LAUGHS: Final = (
    b'<!DOCTYPE l [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%b">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
    + b"]><l>&l9;</l>"
)
_ILLUSTRATOR: Final = (
    _PROLOG + b"<!-- Generator: Adobe Illustrator 16.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->\n"
    b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
    b'\t<!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">\n\t<!ENTITY st0 "fill:#FFFFFF;stroke:none;">\n'
    b'\t<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>\n'
    b'<svg version="1.1" xmlns:i="&ns_ai;" xmlns="&ns_svg;" viewBox="0 0 9 9"><switch>'
    b'<foreignObject requiredExtensions="&ns_ai;" x="0" y="0" width="1" height="1">'
    b'<i:pgfRef xlink:href="#adobe_illustrator_pgf"></i:pgfRef></foreignObject>'
    b'<g i:extraneous="self"><path style="&st0;" d="M0 0h9v9z"/></g></switch>'
    b'<i:pgf id="adobe_illustrator_pgf"><![CDATA[eJzt/WuT > ]]></i:pgf></svg>'
)
_INKSCAPE: Final = (
    _PROLOG + b"<!-- Created with Inkscape (http://www.inkscape.org/) -->\n"
    b'<svg xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://creativecommons.org/ns#" '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    b'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" ' + _NS + b' width="9mm" height="9mm">'
    b'<sodipodi:namedview id="base" pagecolor="#ffffff"/><metadata id="m"><rdf:RDF><cc:Work rdf:about="">'
    b'<dc:format>image/svg+xml</dc:format><dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/>'
    b'<cc:license rdf:resource="http://creativecommons.org/licenses/by/4.0/"/></cc:Work></rdf:RDF></metadata>'
    b'<defs><linearGradient id="a" xlink:href="#b"/></defs><style>.a { fill: url(#a) } /* one > two */</style>'
    b'<g style="fill:url(#a);clip-path:url(#c)"><path d="M0 0"/><use xlink:href="#d"/>'
    b'<image xlink:href="data:image/png;base64,iVBORw0KGgo="/><image xlink:href="photo.jpg"/></g></svg>'
)
_EXTERNAL: Final = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>'
_FILES: Final = (
    b"/etc/passwd", b"file:///a.png", b"file:/a.png", b"&#x2f;a.png", b"&#116;ext:/etc/passwd", b"C:\\a.png", b" msl:a",
)  # fmt: skip
_ELSEWHERE: Final = {
    "elsewhere-with-a-public-name": b'PUBLIC "-//A//B//EN" "http://a.example/x.dtd"',
    "at-a-name-and-a-host": b'PUBLIC "x" "http://www.w3.org@a.example/x.dtd"',
    "at-a-longer-host": b'SYSTEM "http://www.w3.org.a.example/x.dtd"',
    "in-itself": b'SYSTEM "data://text/plain;base64,PCFFTlRJVFk+"',
    "in-an-archive": b'SYSTEM "jar:http://www.w3.org/x.zip!/x.dtd"',
    "of-a-program": b'SYSTEM "expect://id"',
    "of-a-filter": b'SYSTEM "php://filter/read=x/resource=x"',
    "of-a-file": b'PUBLIC "x" "file:///etc/passwd"',
    "of-a-file-of-java": b'SYSTEM "netdoc:/etc/passwd"',
    "of-a-path": b"SYSTEM '/etc/passwd'",
    "of-a-share": b'SYSTEM "\\\\10.0.0.1\\a"',
}

_DANGEROUS: Final = (
    _case("wide-start.html", b"<\0a\0>\0" + b"<script>alert(1)</script>", "script"),
    _case("wide-start-of-a-comment.html", b"\0<\0!\0-\0-\0" + b"<script>alert(1)</script>", "script"),
    _case("script-in-unmarked-utf-16.html", page(b"<script>1</script>").decode().encode("utf-16-be"), "script"),
    _case("script.svg", svg(b"<script>alert(1)</script>"), "script"),
    _case("script-in-a-prefix.svg", svg(b'<s:script xmlns:s="http://www.w3.org/2000/svg">x</s:script>'), "script"),
    _case("script-of-xhtml.svg", svg(b'<h:script xmlns:h="' + _XHTML + b'" src="a.js"/>'), "script"),
    _case("script-in-utf-16.svg", svg(b"<script/>").decode().encode("utf-16"), "script"),
    _case("script-in-utf-16-without-a-mark.svg", svg(b"<script/>").decode().encode("utf-16-be"), "script"),
    _case("script-packed.svgz", gzip.compress(svg(b"<script>x</script>"), mtime=0), "script"),
    _case("script-behind-much.svg", svg(b"<path d='M0 0'/>" * 9000 + b"<script/>"), "script"),
    _case("onload.svg", svg(b"", b'onload="alert(1)"'), "handler"),
    _case("onload-without-quotes.svg", svg(b"", b"onload = 'alert(1)'"), "handler"),
    _case("onload-by-default.svg",
          b'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "alert(1)">]>' + svg(b""), "entity"),
    _case("handler-set-later.svg", svg(b'<set attributeName="onmouseover" to="alert(1)"/>'), "handler"),
    _case("address.svg", svg(b'<a xlink:href="javascript:alert(1)"><text>x</text></a>'), "address"),
    _case("address-in-references.svg", svg(b'<a href="&#x6A;a&#9;vascript&#58;alert(1)"/>'), "address"),
    _case("address-of-entities.svg",
          b'<!DOCTYPE svg [<!ENTITY a "java"><!ENTITY b "script:">]>' + svg(b'<a href="&a;&b;alert(1)"/>'), "address"),
    _case("address-of-an-entity-beyond-ascii.svg",
          b'<!DOCTYPE svg [<!ENTITY %b "javascript">]>' % _E + svg(b'<a href="&%b;:alert(1)"/>' % _E), "address"),
    _case("address-of-an-entity-with-a-long-name.svg",
          b'<!DOCTYPE svg [<!ENTITY %b "javascript">]>' % (b"a" * 80) + svg(b'<a href="&%b;:x"/>' % (b"a" * 80)),
          "address"),
    _case("address-behind-blanks-in-an-entity.svg",
          b'<!DOCTYPE svg [<!ENTITY a "%bjavascript:">]>' % (b" " * 5000) + svg(b'<a href="&a;alert(1)"/>'), "address"),
    _case("address-animated.svg", svg(b'<animate attributeName="href" values="#;javascript:alert(1)"/>'), "address"),
    _case("page-in-an-address.svg", svg(b'<a href="data:text/html,&lt;script>alert(1)&lt;/script>"/>'), "address"),
    _case("page-in-an-address-behind-a-blank.svg", svg(b'<a href="data: text/html,&lt;script>x&lt;/script>"/>'),
          "address"),
    _case("foreign-object.svg", svg(b'<foreignObject><div xmlns="' + _XHTML + b'">x</div></foreignObject>'),
          "foreign_object"),
    _case("iframe.svg", svg(b'<h:iframe xmlns:h="' + _XHTML + b'" src="/"/>'), "embedded"),
    _case("use-from-elsewhere.svg", svg(b'<use xlink:href="https://a.example/b.svg#c"/>'), "reference"),
    _case("image-from-elsewhere.svg", svg(b'<image href="//a.example/b.png"/>'), "reference"),
    _case("share.svg", svg(b'<image href="\\\\10.0.0.1\\share\\a.png"/>'), "reference"),
    *(_case(f"file-{number}.svg", svg(b'<image href="%b"/>' % where), "reference")
      for number, where in enumerate(_FILES)),
    _case("file-of-an-entity.svg", b'<!DOCTYPE svg [<!ENTITY a "te"><!ENTITY b "xt:/">]>'
          + svg(b'<image href="&a;&b;etc/passwd"/>'), "reference"),
    _case("import.svg", svg(b"<style>@import 'https://a.example/b.css';</style>"), "reference"),
    _case("import-in-escapes.svg", svg(b"<style>@\\69mport/**/url(//a.example)</style>"), "reference"),
    _case("url-in-a-style.svg", svg(b'<g style="fill:url( http://a.example/#b)"/>'), "reference"),
    _case("set-of-images.svg", svg(b'<style>g{fill:image-set("https://a.example/b.png" 1x)}</style>'), "reference"),
    _case("set-of-images-in-a-style.svg",
          svg(b"<g style=\"fill:-webkit-image-set('a(1).png' 1x,/**/'\\68ttp://a.example/b.png' 2x)\"/>"), "reference"),
    _case("external-entity.svg", b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg(b"<text>&x;</text>"),
          "entity"),
    _case("markup-in-an-entity.svg", b'<!DOCTYPE svg [<!ENTITY x "&#60;script/>">]>' + svg(b"&x;"), "entity"),
    _case("style-sheet.svg", b'<?xml-stylesheet type="text/xsl" href="#x"?>' + svg(b""), "stylesheet"),
    _case("in-a-comment-of-pages.svg", svg(b"<style><!--</style><img src=x onerror=alert(1)>--></style>"), "handler"),
    _case("laughs.xml", _LAUGHS, "entity"),
    _case("grows-at-once.xml", b'<!DOCTYPE l [<!ENTITY a "' + b"a" * 50_000 + b'">]><l>' + b"&a;" * 50_000 + b"</l>",
          "entity"),
    _case("parameter-entity.xml", b'<!DOCTYPE l [<!ENTITY % a SYSTEM "http://a.example/x.dtd"> %a;]><l/>', "entity"),
    _case("type-elsewhere.xml", b'<!DOCTYPE l SYSTEM "http://169.254.169.254/x.dtd"><l/>', "entity"),
    *(_case(f"type-{name}.xml", b"<!DOCTYPE r " + where + b"><r>&x;</r>", "entity")
      for name, where in _ELSEWHERE.items()),
    _case("type-elsewhere.svg", b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://a.example/">' + svg(b""),
          "entity"),
    _case("page-within.xml", b'<a><b:script xmlns:b="http://www.w3.org/1999/xht&#109;l">x</b:script></a>', "script"),
    _case("page-within-by-an-entity.xml",
          b'<!DOCTYPE r [<!ENTITY %b "%b">]><r><x:script xmlns:x="&%b;"/></r>' % (_E, _XHTML, _E),
          "script"),
    _case("declared-by-the-type.xml",
          b'<!DOCTYPE a [<!ATTLIST a xmlns CDATA #FIXED "http://www.w3.org/1999/xhtml">]><a><script/></a>', "script"),
    _case("odd-encoding.xml", b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-script+AD4-</a>', "not_read"),
    _case("encoding-behind-blanks.xml",
          b'<?xml version="1.0"' + b" " * 300 + b'encoding="UTF-7"?><a>+ADw-script+AD4-</a>', "not_read"),
    _case("encoding-from-here-on.xml",
          b'<?xml version="1.0" encoding="cp037"' + ("?>" + _EXTERNAL).encode("cp037"), "not_read"),
    _case("encoding-of-two-bytes-from-here-on.xml",
          b'<?xml version="1.0" encoding="UTF-16LE"' + ("?>" + _EXTERNAL).encode("utf-16-le"), "not_read"),
    _case("shifted.svg", svg(b"<s\x1b(Bcript>x</s\x1b(Bcript>"), "not_read"),
    _case("shifted-by-declaration.svg",
          b'<?xml version="1.0" encoding="iso-2022-jp"?>' + svg(b"<s\x1b(Jcript>x</s\x1b(Jcript>"), "not_read"),
    _case("mainframe.xml", ('<?xml version="1.0" encoding="IBM037"?>' + _EXTERNAL).encode("cp037"), "not_read"),
    *(_case(f"four-bytes-{code}.xml", _EXTERNAL.encode(code), "not_read")
      for code in ("utf-32", "utf-32-be", "utf-32-le")),
    _case("refresh-by-default.svg",
          b'<!DOCTYPE svg [<!ATTLIST m:meta http-equiv CDATA "refresh" content CDATA "0;url=/a">]>'
          + svg(b'<m:meta xmlns:m="%b"/>' % _XHTML), "refresh"),
    _case("handler-set-by-default.svg",
          b'<!DOCTYPE svg [<!ATTLIST set attributeName NOTATION (onclick) "onclick">]>' + svg(b'<set to="x"/>'),
          "handler"),
    _case("animated-by-default.svg",
          b'<!DOCTYPE svg [<!ATTLIST set attributeName CDATA "href" to CDATA "javascript:x">]>'
          + svg(b"<a><set/></a>"), "address"),
    _case("form-address-by-default.xml",
          b'<!DOCTYPE a [<!ATTLIST m:button x (%b) #IMPLIED formaction CDATA "javascript:x">]>' % (b"a|" * 3000 + b"a")
          + b'<a><m:button xmlns:m="%b"/></a>' % _XHTML, "address"),
    _case("include.svg", svg(b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'), "entity"),
    _case("include.xml",
          b'<a xmlns:i="http://www.w3.org/2003/XInc&#108;ude"><b/><i:include href="a.txt"/></a>', "entity"),
    _case("include-by-default.xml",
          b'<!DOCTYPE a [<!ATTLIST a xmlns:i CDATA #FIXED "http://www.w3.org/2001/XInclude">]>'
          b'<a><i:include href="a.txt"/></a>', "entity"),
    _case("base.xml", b'<a><h:base xmlns:h="%b" href="https://a.example/"/></a>' % _XHTML, "reference"),
    _case("script.html", page(b"<script>alert(1)</script>"), "script"),
    _case("handler.html", page(b"<img/src=x\fonerror=alert(1)>"), "handler"),
    _case("handler-behind-a-title.html", page(b"<title><!--</title><img src=x onerror=alert(1)>-->"), "handler"),
    _case("handler-behind-a-short-comment.html", page(b"<!--><img src=x onerror=alert(1)>-->"), "handler"),
    _case("handler-behind-an-end-tag.html", page(b'</p x="<!--"><img src=x onerror=alert(1)>-->'), "handler"),
    _case("handler-behind-a-false-space.html", page(b'<a x=\v"><img src=x onerror=alert(1)>">'), "handler"),
    _case("address.html", page(b"<a href=' \x01JaVa\nScript:alert(1)'>x</a>"), "address"),
    _case("form-address.html", page(b"<form><button formaction=javascript&colon;alert(1)>x</form>"), "address"),
    _case("iframe.html", page(b"<iframe src=/></iframe>"), "embedded"),
    _case("refresh.html", page(b'<meta http-equiv="Refresh" content="0;url=https://a.example">'), "refresh"),
    _case("base.html", page(b"<base href=//a.example>"), "reference"),
    _case("linked-style-sheet.html", page(b"<link rel=stylesheet href=https://a.example/b.css>"), "reference"),
    _case("blob", svg(b"<script/>"), "script"),
    _case("begins-with-a-block", b"<div onclick=alert(1)>x</div>", "handler"),
    _case("begins-with-a-paragraph.foo", b" <P onclick=alert(1)>x", "handler"),
    _case("begins-with-a-comment.foo", b"<!-- a -->words <img src=x onerror=alert(1)>", "handler"),
)  # fmt: skip
_KNOWN: Final = {
    "its-neighbour": b'SYSTEM "note.dtd"',
    "a-folder-above": b'PUBLIC "-//OASIS//DTD DocBook XML V4.5//EN" "../dtd/docbookx.dtd"',
    "docbook": b'PUBLIC "-//OASIS//DTD DocBook XML V4.5//EN" "http://www.oasis-open.org/docbook/xml/4.5/docbookx.dtd"',
    "fontconfig": b'SYSTEM "urn:fontconfig:fonts.dtd"',
    "html": b'SYSTEM "about:legacy-compat"',
    "orders": b'SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd"',
    "scores": b'PUBLIC "-//Recordare//DTD MusicXML 3.1 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd"',
    "hibernate": b'PUBLIC "-//Hibernate//DTD" "https://hibernate.sourceforge.net/hibernate-mapping-3.0.dtd"',
}
_HONEST: Final = (
    _case("unmarked-utf-16.html", page(b"<p>text</p>").decode().encode("utf-16-le")),
    _case("plain.svg", svg(b"")),
    _case("illustrator.svg", _ILLUSTRATOR),
    _case("inkscape.svg", _INKSCAPE),
    _case("utf-16.svg", svg(b"<text>x</text>").decode().encode("utf-16")),
    _case("link.svg", svg(b'<a xlink:href="https://example.com/"><text>on = off, online="x"</text></a>')),
    _case("files-nearby.svg", svg(b'<image href="photos/12:30.png"/><image href="./C:a.png"/><use href="/icons.svg#a"/>'
          b'<a href="mailto:a@example.com"/><image href="cid:a@b" sodipodi:absref="/home/a/b.png"/>')),
    _case("animated.svg", svg(b'<animate attributeName="fill" values="red;blue" dur="1s"/>')),
    _case("namespace-in-css.svg", svg(b"<style>@namespace url(http://www.w3.org/2000/svg); a{fill:red}</style>")),
    _case("svg-in-a-picture.svg", svg(b'<image href="data:image/svg+xml;base64,PHN2Zy8+"/>')),
    _case("drawing-behind-a-blank.svg", svg(b'<image href="data: image/svg+xml;base64,PHN2Zy8+"/>')),
    _case("set-of-images-nearby.svg",
          svg(b"<style>a[href^='https://a.example']{fill:image-set('a.png' 1x,'b.png' 2x)}</style>")),
    _case("names-beyond-ascii.xml",
          '<!DOCTYPE n [<!ENTITY café "Café">]><n a="&café; &amp;é &lté">&café;</n>'.encode()),
    _case("talks-of-script.svg", svg(b"<text>&lt;script> and onload= are refused, javascript: too</text>")),
    _case("feed.xml", _PROLOG + b'<rss version="2.0"><channel><description><![CDATA[<script>x</script>]]></description>'
          b"<script>no namespace</script></channel></rss>"),
    _case("feed-with-markup.atom", _PROLOG + b'<feed xmlns="http://www.w3.org/2005/Atom"><content><div xmlns="'
          + _XHTML + b'"><p>x <a href="https://example.com">y</a><img src="https://example.com/a.png"/></p></div></content>'
          b'<link rel="alternate" href="https://example.com/b"/></feed>'),
    _case("feed-of-sound.rss", b'<rss xmlns:h="%b" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">' % _XHTML
          + b'<i:image href="https://example.com/a.png"/></rss>'),
    _case("styled.xml", _PROLOG + b'<?xml-stylesheet type="text/css" href="a.css"?><note onset="1"/>'),
    _case("entities.xml", b'<!DOCTYPE n [<!ENTITY nbsp "&#160;"><!ENTITY who "The Company"><!ELEMENT n ANY>'
          b'<!ATTLIST n lang CDATA "en">]><n>&who;&nbsp;x</n>'),
    _case("settings.xml", b'<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" '
          b'"http://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist><dict/></plist>'),
    *(_case(f"called-{code}.xml", b'<?xml version="1.0" encoding="%b"?><a>x</a>' % code.encode())
      for code in ("utf-16", "ISO-8859-15", "iso8859-1", "windows-1252", "Shift_JIS", "x-sjis", "GB2312", "x-mac-roman",
                   "KOI8-R", "IBM437", "cp866", "us-ascii", "euc-kr", "latin1")),
    _case("coloured.foo", b"<p>\x1b[31mred\x1b[0m</p>"),
    *(_case(f"type-by-{name}.xml", b"<!DOCTYPE r " + where + b"><r/>") for name, where in _KNOWN.items()),
    _case("defaults.xml", b'<!DOCTYPE n [<!ATTLIST n to CDATA "all" http-equiv (refresh|no) "refresh">]><n/>'),
    _case("defaults.svg", b'<!DOCTYPE svg [<!ATTLIST svg xmlns:xlink CDATA #FIXED "http://www.w3.org/1999/xlink">'
          b'<!ATTLIST set attributeName CDATA "fill" to CDATA "red">]>' + svg(b"<set/>")),
    _case("book.xml", b'<book xmlns:xi="http://www.w3.org/2001/XInclude"><p>&lt;xi:include href="a"/></p></book>'),
    _case("layout.xml", b'<l xmlns:a="http://schemas.android.com/apk/res/android"><include layout="@layout/b"/></l>'),
    _case("page.html", page(b'<!-- a --><p style="color:red">x <a href="https://example.com/?on=1">y</a>'
          b'<img src="https://example.com/a.png" alt="javascript: a primer"></p><textarea>a < b</textarea>')),
    _case("page-of-a-word-processor.html", page(b"<!--[if gte mso 9]><xml><o:p>x</o:p></xml><![endif]-->"
          b"<style><!-- p.MsoNormal {margin:0} --></style><p class=MsoNormal>x<o:p></o:p></p>")),
    _case("page.xhtml", _PROLOG + b'<html xmlns="' + _XHTML + b'"><head><title>x</title></head><body/></html>'),
    _case("README", b'<div align="center">\n<img src="https://a.example/b.svg">\n</div>\n\n# Title\n'),
    _case("README.foo", b"<!-- no lint -->\n# Title\n"),
    _case("tutorial.md", b"# Script\n\n<p onclick=x>shown</p>\n\n<script>alert(1)</script>\n"),
    _case("tutorial.txt", b"Write <script>alert(1)</script> and <svg onload=x>, then <!ENTITY a SYSTEM 'b'>.\n"),
)  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
