"""Files that are not what they are called: name, declared type, bytes, the reason."""

from tests.inspection import playlists
from tests.inspection import samples as s

NAMED, DECLARED, RUNS = "content_not_as_named", "content_not_as_declared", "content_runs"

_SHORT_TAG = b"<? system('id'); ?>\n"
_UTF16_HTML = "\ufeff<html><script>alert(1)</script></html>".encode("utf-16-le")
_XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'
_HIDDEN_HTML = b"\xef\xbb\xbf \n<!-- a comment -->\n<!-- one more --><HTML><script>alert(1)</script>"
_SCRIPTED_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
_PREFIXED_SVG = b'<x:svg xmlns:x="http://www.w3.org/2000/svg"/>'
_JAR = s.zipped(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x"))

FILES: list[tuple[str, str | None, bytes, str]] = [
    # scripts and pages as images, documents, sound
    *((f"a.{suffix}", None, content, NAMED)
      for suffix in ("png", "jpg", "gif", "webp", "pdf", "docx", "zip", "mp3", "mp4", "ico", "gz", "bmp", "xlsx", "ttf")
      for content in (s.PHP, s.HTML, s.SHELL, s.JSP, _UTF16_HTML)),
    # as data of other programs
    *((f"a.{suffix}", None, content, NAMED)
      for suffix in ("csv", "json", "xml", "yaml", "ics", "css", "sql", "xls", "doc", "eml")
      for content in (s.PHP, s.HTML, s.SHELL, s.JSP, _HIDDEN_HTML, _SHORT_TAG)),
    ("a.xml", "text/xml", _XHTML, NAMED), ("a.xml", None, _SCRIPTED_SVG, NAMED), ("a.xml", None, _PREFIXED_SVG, NAMED),
    ("a.rss", None, s.svg_with_prolog(), NAMED), ("a.csv", None, s.svg(), NAMED), ("a.svg", None, s.HTML, NAMED),
    ("a.svg", None, s.PHP, NAMED), ("a.svg", "image/svg+xml", s.png(), NAMED),
    # programs
    *((f"a.{suffix}", None, content, NAMED)
      for suffix in ("png", "jpg", "pdf", "txt", "csv", "docx", "doc", "zip", "mp3", "mp4", "svg", "log", "svg")
      for content in (s.exe(), s.elf(), s.mach_o(), s.java_class(), s.swf())),
    # one format as another
    ("a.png", None, s.svg(), NAMED), ("a.png", "image/png", s.svg_with_prolog(), NAMED),
    ("a.jpg", None, s.zipped(), NAMED),
    ("a.jpg", None, s.pdf(), NAMED), ("a.pdf", None, s.png(), NAMED), ("a.png", None, s.jpeg(), NAMED),
    ("a.jpg", "image/jpeg", s.png(), NAMED), ("a.docx", None, s.pdf(), NAMED), ("a.docx", None, s.ooxml("xl"), NAMED),
    ("a.odt", None, s.ooxml("word"), NAMED), ("a.zip", None, s.rar(), NAMED), ("a.pdf", None, s.zipped(), NAMED),
    ("a.txt", None, s.pdf(), NAMED), ("a.txt", None, s.png(), NAMED), ("a.csv", None, s.zipped(("a", b"x")), NAMED),
    ("a.json", None, s.pdf(), NAMED), ("a.md", None, s.gzipped(), NAMED), ("a.mp3", None, s.pdf(), NAMED),
    ("a.mp4", None, s.zipped(), NAMED), ("a.png", None, b"just words\n", NAMED),
    ("a.png", None, bytes(range(256)), NAMED),
    ("a.pdf", None, b"x", NAMED), ("a.gz", None, b"hello", NAMED), ("a.doc", None, s.png(), NAMED),
    *((f"a.{suffix}", declared, b"#EXTM3U\n/srv/other.ts\n", NAMED)
      for suffix in ("mpg", "mpeg", "mpe", "m2v", "m2ts", "mp4", "mp3") for declared in (None, "video/mp2t")),
    ("a", "video/mpeg", b"#EXTM3U\n/srv/other.ts\n", DECLARED),
    *((f"a.{suffix}", None, playlists.film_behind(text), NAMED)
      for suffix in ("mpg", "mkv", "webm", "mka", "mp3", "aac") for text in playlists.PLAYLISTS.values()),
    ("a.mp3", "audio/mpeg", playlists.behind_tag(playlists.PLAYLISTS["hls"]), NAMED),
    ("a", "video/webm", playlists.film_behind(playlists.PLAYLISTS["concat"]), DECLARED),
    ("a.xls", None, s.pdf(), NAMED), ("a.heic", None, s.HTML, NAMED),
    ("a.pdf", None, b"\xff\xd8\xff\xe0" + bytes(20), NAMED),
    # what nobody knows, under names of what libmagic does not know in all its forms
    *((f"a.{suffix}", None, s.pickle(), NAMED)
      for suffix in ("heic", "avif", "jxl", "jp2", "ico", "mp3", "mp4", "m4a", "wav", "aac", "mkv", "mpg", "ps", "doc",
                     "xls", "msg", "ttf", "woff", "tar", "wasm")),
    ("model.pkl", "image/heic", s.pickle(), DECLARED), ("model.pkl", "video/mp4", s.pickle(), DECLARED),
    # what macOS keeps beside another file
    *((name, None, content, NAMED)
      for name in ("._a.jpg", "._a.pdf")
      for content in (s.PHP, s.HTML, s.exe(), s.zipped(), b"\0\5\x16\7", b"\0\0" + s.PHP)),
    ("a.jpg", None, s.apple_double(), NAMED), ("a._.pdf", None, s.apple_double(), NAMED),
    # what is declared
    ("a.pdf", "image/png", s.pdf(), DECLARED), ("a.png", "image/jpeg", s.png(), DECLARED),
    ("blob", "image/png", s.HTML, DECLARED), ("blob", "image/jpeg", s.PHP, DECLARED),
    ("blob", "application/pdf", s.exe(), DECLARED),
    ("blob", "application/json", s.HTML, DECLARED), ("a.csv", "application/zip", b"a,b\n", DECLARED),
    ("noext", "IMAGE/PNG; x=y", s.svg(), DECLARED), ("a.docx", "application/pdf", s.ooxml("word"), DECLARED),
    ("a.xyz", "text/csv", s.SHELL, DECLARED),
    # what nobody says
    ("blob", None, s.HTML, RUNS), ("blob", "application/octet-stream", s.PHP, RUNS), ("noext", "", s.SHELL, RUNS),
    ("a.xyz", "image/*", s.svg(), RUNS), ("a.dat", None, s.exe(), RUNS), ("a.dat", "application/x-foo", s.elf(), RUNS),
    ("noext", "text/plain", s.exe(), RUNS), ("a.", None, s.HTML, RUNS), (".png.", None, s.HTML, NAMED),
    ("noext", None, b"<table><tr><td>x</td></tr></table><style></style>", RUNS), ("a.xyz", None, s.JSP, RUNS),
    ("noext", None, _UTF16_HTML, RUNS), ("noext", None, _HIDDEN_HTML, RUNS), ("a.bin", None, s.mach_o(), RUNS),
]  # fmt: skip
