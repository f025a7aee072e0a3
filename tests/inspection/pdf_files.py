"""PDFs, made object by object."""

import zlib

JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
PAGES = (b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")


def pdf(*objects: bytes, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """A document of a catalog (1), pages (2), a page (3), and these objects from 4 on."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>", *PAGES, *objects]
    numbered = b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in enumerate(bodies, 1))
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + numbered + b"trailer\n<< /Root 1 0 R " + trailer + b" >>\n%%EOF\n"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data)


def object_stream(
    *objects: bytes, first_number: int = 20, entries: bytes = b"/Filter /FlateDecode", before: bytes = b""
) -> bytes:
    """A stream that holds objects, and something before the table of them."""
    table, at = before, 0
    for number, each in enumerate(objects, first_number):
        table += b"%d %d " % (number, at)
        at += len(each) + 1
    text = table + b"\n".join(objects)
    data = zlib.compress(text) if b"Flate" in entries else text
    return stream(data, b"/Type /ObjStm /N %d /First %d %b" % (len(objects), len(table), entries))


def attached(name: bytes, data: bytes) -> bytes:
    packed = stream(zlib.compress(data), b"/Type /EmbeddedFile /Filter /FlateDecode")
    spec = b"<< /Type /Filespec /F (%b) /UF (%b) /EF << /F 4 0 R >> >>" % (name, name)
    return pdf(packed, spec, catalog=b"/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>")
