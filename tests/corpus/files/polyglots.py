"""Files that are two formats at once, and honest ones that only look as if they were."""

import io
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable

from tests.corpus.files import image_samples as i
from tests.corpus.files.case import FileCase
from tests.inspection import samples as s

_TWO = "polyglot"
_TRAILING = "image_trailing_data"
_ACTIVE = "image_metadata_active"


def _case(name: str, data: Callable[[], bytes], *reasons: str, policy: str = "any") -> FileCase:
    return FileCase(name, data, frozenset(reasons), policy)


def archive(comment: bytes = b"", *, name: str = "a.txt", stored: bool = False) -> bytes:
    """A ZIP of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), b"x" * 50)
        file.comment = comment
    return buffer.getvalue()


def phar() -> bytes:
    """The end of a PHP archive's stub, and its manifest."""
    return b"<?php __HALT_COMPILER(); ?>\r\n" + struct.pack("<IIHII", 50, 1, 0x11, 0x10000, 0) + bytes(40)


def tar_over(start: bytes) -> bytes:
    """A tar whose first name begins with the signature of another format."""
    member = tarfile.TarInfo("x" * 99)
    member.size = 5
    block = bytearray(member.tobuf(tarfile.USTAR_FORMAT))
    block[: len(start)] = start
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"hello".ljust(512, b"\0") + bytes(1024)


def gif_script(*, comment: bool) -> bytes:
    """A GIF that is a program in JavaScript."""
    if comment:
        return b"GIF89a/*" + i.encoded("GIF")[8:-1] + b";*/=1;alert(document.domain);//"
    return b"GIF89a=1;alert(document.domain)//" + i.encoded("GIF")[13:]


def jpeg_script() -> bytes:
    """A JPEG that is a program in JavaScript, in a page that says ISO-8859-1."""
    jpeg = i.encoded("JPEG")
    length = 0x2F2A
    body = jpeg[6:20] + bytes(length - 16)
    comment = b"*/=alert(document.domain);/*"
    return jpeg[:4] + struct.pack(">H", length) + body + i.segment(0xFE, comment) + jpeg[20:-2] + b"*///\xff\xd9"


def bmp_script() -> bytes:
    """A BMP that is a program in JavaScript: its size is said wrongly."""
    return b"BM/*" + i.encoded("BMP")[4:] + b"*/=1;alert(document.domain)"


def webp_script() -> bytes:
    """A WebP that is a program in JavaScript: so many bytes as its size says in ASCII."""
    chunk = i.riff_chunk(b"EXIF", b"*/=1;alert(document.domain)//" + bytes(0x2A2F - 2 * 48))
    body = i.encoded("WEBP")[8:] + chunk
    return b"RIFF" + struct.pack("<I", 0x2A2F) + body.ljust(0x2A2F, b"\0")


def pdf(extra: bytes = b"") -> bytes:
    """A PDF, with an attachment as it is."""
    return s.pdf()[:-6] + extra + b"\n%%EOF\n"


def pdf_in_zip_comment() -> bytes:
    """A PDF in front, a ZIP whose comment is the end of the PDF."""
    return s.pdf() + archive(b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n")


def _long_jpeg(data: bytes) -> bytes:
    """Something that stands beyond the first window."""
    return i.jpeg_with(0xEB, bytes(20_000) + data)


def _mp3(data: bytes = b"") -> bytes:
    return s.mp3_tagged() + s.mp3_bare() * 20 + data


_RAR = b"Rar!\x1a\x07\x01\0" + bytes(60)
_SEVEN = b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60)
_HTML = b"<!DOCTYPE html><script>alert(1)</script>"
_PDF_OBJECTS = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"

_IMAGES = (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp"), ("TIFF", "tif"))

_SHORT_TAGS = (
    b"<?=@eval($_GET[0]);?>", b"<?=include$_GET[0];?>", b"<?=%b`id`?>" % (b" " * 30), b'<?=("sys"."tem")("id")?>',
    b'<?=$a="system";$a("id")?>', b'<?=/**/system("id")?>', b'<?=call_user_func("system","id")?>',
    b"<?=1;\nreadfile('/a');", b"<?=$_POST[0]($_POST[1])?>",
    b'<?=(~"\x8c\x86\x8c\x8b\x9a\x92")("id")?>', b"<?=$x=1;${'_GET'}[0]();", b'<%eval request("a")%>', b"<%= `id` %>",
    b'<%Runtime.getRuntime().exec(request.getParameter("c"));%>', b'<% int i = 1; out.print(new java.io.File("/"));%>',
)  # fmt: skip

_DANGEROUS = (
    *(
        _case(f"short-tag-{number}.{end}", lambda code=code, made=made: made(code), _TWO)
        for number, code in enumerate(_SHORT_TAGS)
        for end, made in (("wav", lambda code: s.wav() + bytes(99) + code), ("mp3", _mp3))
    ),
    *(
        _case(f"{name}-behind-junk{end}", lambda data=data: bytes(range(256)) + data, _TWO)
        for name, data in (("zip", archive()), ("rar", _RAR), ("seven", _SEVEN))
        for end in (".dat", ".bak", "")
    ),
    *(_case(f"zip-behind.{end}", lambda kind=kind: i.encoded(kind) + archive(), _TWO) for kind, end in _IMAGES),
    *(_case(f"phar-behind.{end}", lambda kind=kind: i.encoded(kind) + phar(), _TWO) for kind, end in _IMAGES),
    *(
        _case(f"tar-over.{end}", lambda kind=kind: tar_over(i.encoded(kind)[:24]), _TWO, "content_not_as_named")
        for kind, end in (("JPEG", "jpg"), ("GIF", "gif"), ("TIFF", "tif"))
    ),
    _case("zip-in-comment.jpg", lambda: i.jpeg_with(0xFE, archive()), _TWO),
    _case("zip-in-chunk.png", lambda: i.png_with(b"zIPc", archive(stored=True)), _TWO),
    _case("zip-in-exif.webp", lambda: i.webp_with(b"ABCD", archive()), _TWO),
    _case("jar-in-film.mp4", lambda: i.film() + i.box(b"free", archive(name="Main.class")), _TWO),
    _case("zip-with-comment.png", lambda: i.encoded("PNG") + archive(b"c" * 60_000), _TWO),
    _case(
        "zip-64.png",
        lambda: i.encoded("PNG") + b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16) + b"PK\5\6" + b"\xff" * 16 + b"\0\0",
        _TWO,
    ),
    _case("zip-behind.pdf", lambda: s.pdf() + archive(), _TWO),
    _case("zip-round.pdf", pdf_in_zip_comment, _TWO),
    _case("phar.pdf", lambda: pdf(phar()), _TWO),
    _case("zip-behind.mp3", lambda: _mp3(archive()), _TWO),
    _case("zip-behind.wav", lambda: s.wav() + archive(), _TWO),
    _case("zip-behind.txt", lambda: b"Some words of a letter.\n" * 9 + archive(), _TWO),
    _case("zip-behind.html", lambda: _HTML + b"\n" * 5000 + archive(), _TWO),
    _case("zip-behind.ttf", lambda: s.ttf() + archive(), _TWO),
    _case("comment.gif", lambda: gif_script(comment=True), _TWO),
    _case("name.gif", lambda: gif_script(comment=False), _TWO, "content_not_as_named"),
    _case("text.gif", lambda: b"GIF89a=1;alert(document.domain)\n", _TWO, "content_not_as_named"),
    _case("script.jpg", jpeg_script, _TWO),
    _case("script.bmp", bmp_script, _TWO),
    _case("script.webp", webp_script, _TWO),
    _case("pdf-in-comment.gif", lambda: i.gif_with(0xFE, [_PDF_OBJECTS]), _TWO),
    _case("pdf-in-comment.jpg", lambda: i.jpeg_with(0xFE, _PDF_OBJECTS), _TWO),
    _case("pdf-in-text.png", lambda: i.png_with(b"tEXt", b"a\0" + _PDF_OBJECTS), _TWO),
    _case(
        "pdf-in-film.mp4", lambda: i.box(b"ftyp", b"mp42\0\0\0\0isom") + i.box(b"free", _PDF_OBJECTS) + i.film(), _TWO
    ),
    _case("pdf-in-tag.mp3", lambda: b"ID3\3\0\0\0\0\1\x7fTXXX\0\0\0\x90\0\0\0" + _PDF_OBJECTS + _mp3(), _TWO),
    _case("pdf-in-page.html", lambda: b"<!DOCTYPE html><!--\n" + _PDF_OBJECTS + b"--><p>x</p>", _TWO),
    _case("pdf-in-letter.txt", lambda: b"A letter.\n" + _PDF_OBJECTS, _TWO, "content_not_as_named"),
    _case("pdf-that-mupdf-finds.jpg", lambda: i.jpeg_with(0xFE, bytes(3000) + _PDF_OBJECTS), _TWO),
    _case("pdf-that-mupdf-finds.txt", lambda: b"Some notes.\n" * 300 + _PDF_OBJECTS, _TWO),
    _case("rar-behind.jpg", lambda: i.encoded("JPEG") + _RAR, _TWO),
    _case("rar-within.jpg", lambda: _long_jpeg(_RAR), _TWO),
    _case("seven-behind.png", lambda: i.encoded("PNG") + _SEVEN, _TWO),
    _case("seven-within.mp4", lambda: i.film(bytes(9000) + _SEVEN), _TWO),
    _case("disk.png", lambda: i.png_with(b"dIsk", bytes(0x8001 - 41) + b"CD001\1" + bytes(2000)), _TWO),
    _case(
        "medical.jpg",
        lambda: i.encoded("JPEG")[:20] + i.segment(0xEB, bytes(104) + b"DICM" + bytes(50)) + i.encoded("JPEG")[20:],
        _TWO,
    ),
    _case("php-beyond-the-window.jpg", lambda: _long_jpeg(b"<?php system('id');"), _TWO, _ACTIVE),
    _case("php-beyond-the-window.mp4", lambda: i.film(bytes(9000) + b"<?php system('id');"), _TWO),
    _case("php-beyond-the-window.mp3", lambda: _mp3(b"<?php system('id');"), _TWO),
    _case("short-beyond-the-window.wav", lambda: s.wav() + bytes(9000) + b"<?=`$_GET[c]`;", _TWO),
    _case("page-beyond-the-window.png", lambda: i.encoded("PNG") + bytes(9000) + _HTML, _TWO, _TRAILING),
    _case("page-in-film.webm", lambda: s.matroska(b"webm") + bytes(9000) + _HTML, _TWO),
    _case("jsp-in-font.ttf", lambda: s.ttf() + b'<%@ page import="java.io.*" %>', _TWO),
    _case("gifar.gif", lambda: i.encoded("GIF") + archive(name="META-INF/MANIFEST.MF"), _TWO, _TRAILING),
)


def _dark(darkest: int, lightest: int) -> bytes:
    """Pixels as they are, in all of whose bytes a tag begins now and then."""
    return s.wav() + bytes(random.Random(1).choices(range(darkest, lightest), k=400_000))


_HONEST = (
    _case("grey.wav", lambda: _dark(56, 68)),
    _case("dark.wav", lambda: _dark(32, 127)),
    _case(
        "tags-by-chance.wav",
        lambda: s.wav() + b'<%`$\xef\x58\x10x<?="\xa5\x84\xc3\xe1<?=(\xff<%= server\x90' + bytes(40),
    ),
    *(_case(f"plain.{end}", lambda kind=kind: i.encoded(kind, size=(500, 300))) for kind, end in _IMAGES),
    _case("about-pdf.txt", lambda: b"A PDF begins with %PDF-1.7 and ends with %%EOF.\n" * 20),
    _case("about-pdf-behind-much.txt", lambda: b"About documents.\n" * 150 + b"It begins with %PDF-1.7.\n" * 20),
    _case("about-php.md", lambda: b"# Uploads\n\nNever store `<?php system($_GET['c']); ?>`.\n"),
    _case("about-phar.md", lambda: b"# Phar\n\nA stub ends with `__HALT_COMPILER` and parentheses.\n"),
    _case("about-zip.txt", lambda: b"The end record is PK\\x05\\x06; local headers are PK\\x03\\x04.\n"),
    _case("table.csv", lambda: b"name,note\nx,PK\ny,<script>\n"),
    _case("letter.pdf", s.pdf),
    _case(
        "attachment.pdf",
        lambda: pdf(b"9 0 obj\n<< /Type /EmbeddedFile >>\nstream\n" + archive() + b"\nendstream\nendobj"),
    ),
    _case("report.docx", lambda: s.ooxml("word")),
    _case("stored.zip", lambda: s.zipped(("a.pdf", s.pdf()), ("b.png", i.encoded("PNG")), stored=True)),
    _case("zip-in-zip.zip", lambda: s.zipped(("a.zip", archive()), stored=True)),
    _case("notes.tar", s.tar),
    _case("packed.tar", lambda: _tar_of(("a.zip", archive()), ("b.pdf", s.pdf()))),
    _case("old.doc", s.ole),
    _case("song.mp3", lambda: b"ID3\3\0\0\0\0\0\x0fTIT2\0\0\0\5\0\0\0song" + s.mp3_bare() * 30),
    _case("voice.wav", s.wav),
    _case("film.mp4", i.film),
    _case("film.webm", lambda: s.matroska(b"webm")),
    _case("film.ogv", lambda: s.ogg(b"\x80theora")),
    _case("sound.flac", s.flac),
    _case("type.ttf", s.ttf),
    _case("type.woff2", s.woff2),
    _case("wide-as-a-name.gif", lambda: i.encoded("GIF", size=(61, 20))),  # 61 is =
    _case("wide-as-a-name-and-tab.gif", lambda: i.encoded("GIF", size=(0x093D, 8))),
    _case("wide-as-a-comment.gif", lambda: i.encoded("GIF", size=(0x2A2F, 2))),  # /*
    _case("tall-as-a-comment.bmp", lambda: i.encoded("BMP", size=(64, 56))),
    _case("page.html", lambda: b"<!DOCTYPE html>\n<html><body>Read the %PDF- chapter</body></html>\n", policy="open"),
    _case("drawing.svg", s.svg),
    _case("data.json", lambda: b'{"a": "PK", "b": "%PDF-1.4", "c": "GIF89a=1"}'),
    _case("mail.eml", s.eml),
    _case("medical.tif", lambda: i.tiff((0x10E, 2, 40, b"x" * 40))),
    _case("installer.sh", lambda: b"#!/bin/sh\necho hello\n", policy="open"),
    _case("words.txt", lambda: "Wörter mit BOM\n".encode("utf-16")),
    _case("big-endian.txt", lambda: b"\xfe\xff" + "Wörter mit BOM\n".encode("utf-16-be")),
    _case("latin.txt", lambda: "Gruß und Kuß\n".encode("latin-1") * 400),
)


def _tar_of(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            file.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


CASES = (*_DANGEROUS, *_HONEST)
