"""What macOS keeps beside other files, and what would like to be taken for it."""

from collections.abc import Callable

from tests.corpus.files.case import FileCase
from tests.inspection import samples as s

_PHP = s.apple_double(b"<?php system($_GET['c']); ?>")
_SCRIPT = s.apple_double(b"<script>alert(document.domain)</script>")
_SCRIPTED_PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n"
_AS_FINDER_PACKS = s.zipped(
    ("photo.jpg", s.jpeg()), ("__MACOSX/._photo.jpg", s.apple_double()),
    ("a/report.pdf", s.pdf()), ("__MACOSX/a/._report.pdf", s.apple_double()),
)  # fmt: skip
_SUFFIXES = (
    "jpg", "png", "gif", "tif", "heic", "pdf", "doc", "docx", "xlsx", "odt", "zip", "gz", "mp3", "mov", "txt", "csv",
    "json", "xml", "svg", "rtf", "eml", "ttf",
)  # fmt: skip


def _case(name: str, data: Callable[[], bytes], *reasons: str, policy: str = "any") -> FileCase:
    return FileCase(name, data, frozenset(reasons), policy)


_DANGEROUS = (
    *(_case(f"._php.{suffix}", lambda: _PHP, "polyglot") for suffix in ("jpg", "pdf", "docx", "zip", "mp4", "ttf")),
    _case("._php.php", lambda: _PHP, "suffix_forbidden"),
    _case("._page.html", lambda: _SCRIPT, "active_script", policy="open"),
    _case("._page.jpg", lambda: _SCRIPT, "polyglot"),
    _case("._drawing.svg", lambda: _SCRIPT, "active_script"),
    _case("._scripted.pdf", lambda: s.apple_double() + _SCRIPTED_PDF, "pdf_javascript", "pdf_automatic_action"),
    _case("._report.pdf", lambda: s.apple_double() + s.pdf(), "polyglot"),
    _case("._letter.docx", lambda: s.apple_double() + s.ooxml("word"), "polyglot"),
    _case("._notes.txt", lambda: s.apple_double() + s.zipped(("a", b"x")), "polyglot"),
    _case("._photo.jpg", lambda: s.apple_double() + s.rar(), "polyglot", "content_not_as_named"),
    _case("php.jpg", lambda: _PHP, "content_not_as_named"),
    _case("mac.zip", lambda: s.zipped(("a.jpg", s.jpeg()), ("__MACOSX/._a.jpg", _PHP)), "polyglot"),
    _case("other-mac.zip", lambda: s.zipped(("__MACOSX/._a.jpg", s.HTML)), "content_not_as_named"),
)
_HONEST = (
    _case("Archive.zip", lambda: _AS_FINDER_PACKS),
    *(_case(f"._{suffix}.{suffix}", s.apple_double) for suffix in _SUFFIXES),
    _case("._page.html", s.apple_double, policy="open"),
)
CASES = (*_DANGEROUS, *_HONEST)
