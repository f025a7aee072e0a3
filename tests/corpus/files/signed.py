"""Signed files (RFC 5652): what they hold is judged as what it is called without their suffix."""

import base64
import zlib

from tests.corpus.files.mails import EXE, PDF, attached, made, mail, part
from tests.corpus.files.packing import OOXML, PHP, PNG, STORED, TEXT, bad, good, zipped

DATA, SIGNED, ENVELOPED, DIGESTED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07" + bytes((last,)) for last in (1, 2, 3, 5))
STAMPED, COMPRESSED = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01" + bytes((last,)) for last in (0x1F, 9))
SCRIPT = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
EVIL = zipped(("a.exe", EXE))
SHA256 = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01"
PACKED = zlib.compress(b"1 0 " + b"<</Of " + str([*range(9999)]).encode() + b">>")
PACKED_PDF = (
    b"%%PDF-1.5\n5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(PACKED)
    + PACKED
    + b"\nendstream endobj\n%%EOF"
)
DOCX = zipped(*OOXML, method=STORED)
CALLS = b"MIME-Version: 1.0\n" + attached(b"filename=evil.exe").partition(b"MIME-Version: 1.0\n")[2]


def der(tag: int, *values: bytes) -> bytes:
    """One element with its length."""
    value = b"".join(values)
    size = len(value)
    if size < 128:
        return bytes((tag, size)) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + value


def open_(tag: int, *values: bytes) -> bytes:
    """One element that lasts until it is ended."""
    return bytes((tag, 0x80)) + b"".join(values) + b"\0\0"


def cut(data: bytes, size: int = 1000) -> bytes:
    """An octet string in pieces, as programs write that do not keep all of it."""
    return open_(0x24, *(der(4, data[at : at + size]) for at in range(0, len(data), size)))


def signed(content: bytes | None, *, form: bytes = SIGNED, kind: bytes = DATA, make=der) -> bytes:
    """A signed file without certificates and signers; with None the signature is kept apart from what it signs."""
    octets = () if content is None else (make(0xA0, content),)
    inner = make(0x30, der(6, kind), *octets)
    digests = der(0x30, der(6, SHA256)) if form == DIGESTED else der(0x31, der(0x30, der(6, SHA256)))
    last = der(4, bytes(32)) if form == DIGESTED else der(0x31)
    return make(0x30, der(6, form), make(0xA0, make(0x30, der(2, b"\1"), digests, inner, last)))


def whole(data: bytes) -> bytes:
    return signed(der(4, data))


def streamed(data: bytes) -> bytes:
    return signed(cut(data), make=open_)


def tar_over(data: bytes) -> bytes:
    """A header of tar in its first block."""
    block = bytearray(data[:148] + b" " * 8 + data[156:512])
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + data[512:]


def stamped(data: bytes, name: bytes = b"") -> bytes:
    """TimeStampedData (RFC 5544) with what it calls the file."""
    meta = der(0x30, der(1, b"\0"), der(0x0C, name)) if name else b""
    value = der(0x30, der(2, b"\1"), der(0x16, b"https://example.org/a"), meta, der(4, data), der(0xA0, der(0x30)))
    return der(0x30, der(6, STAMPED), der(0xA0, value))


def pem(data: bytes, label: bytes = b"PKCS7") -> bytes:
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (label, base64.encodebytes(data), label)


def in_mail(data: bytes) -> bytes:
    """As mail programs sign: all of the mail within."""
    head = b"Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    return b"From: a@example.com\nMIME-Version: 1.0\n" + head + (
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    )  # fmt: skip


DANGEROUS = (
    bad("script.pdf.p7m", lambda: whole(SCRIPT), "pdf_javascript"),
    bad("far-in.zip.p7m", lambda: whole(zipped(("a.txt", TEXT * 200), ("a.exe", EXE), method=STORED)),
        "suffix_forbidden"),
    bad("cut.zip.p7m", lambda: signed(cut(EVIL, 3), make=open_), "suffix_forbidden"),
    bad("cut-in-pieces.zip.p7m", lambda: signed(open_(0x24, cut(EVIL[:9], 2), der(0x24), cut(EVIL[9:], 5))),
        "suffix_forbidden"),
    bad("digested.zip.p7m", lambda: signed(der(4, EVIL), form=DIGESTED), "suffix_forbidden"),
    bad("data.zip.p7m", lambda: der(0x30, der(6, DATA), der(0xA0, cut(EVIL, 3))), "suffix_forbidden"),
    bad("of-another-type.zip.p7m", lambda: signed(cut(EVIL, 3), kind=SHA256), "suffix_forbidden"),
    bad("long-lengths.zip.p7m", lambda: streamed(EVIL).replace(b"\x06\x09" + SIGNED, b"\x06\x82\0\x09" + SIGNED),
        "suffix_forbidden"),
    bad("stamped.zip.tsd", lambda: stamped(EVIL), "suffix_forbidden"),
    bad("signed-twice.zip.p7m.p7m", lambda: whole(streamed(EVIL)), "suffix_forbidden"),
    bad("pem.zip.p7m", lambda: pem(streamed(EVIL)), "suffix_forbidden"),
    bad("pem-behind-text.zip.p7m", lambda: b"PKCS7:\n" + pem(streamed(EVIL), b"CMS"), "suffix_forbidden"),
    bad("base64.zip.p7m", lambda: base64.b64encode(streamed(EVIL)), "suffix_forbidden"),
    bad("nobody-names-it", lambda: streamed(zipped(("a.exe", EXE))), "suffix_forbidden"),
    bad("nobody-names-it-in-base64", lambda: base64.b64encode(streamed(zipped(("a.exe", EXE)))), "suffix_forbidden"),
    bad("evil.exe.p7m", lambda: whole(EXE), "suffix_forbidden"),
    bad("no-picture.png.p7m", lambda: whole(PHP), "content_not_as_named", "polyglot"),
    bad("stamped-under-another-name.txt.tsd", lambda: stamped(PHP, b"a.php"), "suffix_forbidden"),
    bad("climbing.txt.tsd", lambda: stamped(TEXT, b"../../a.txt"), "archive_path"),
    bad("mail-within.p7m", lambda: whole(CALLS), "suffix_forbidden"),
    bad("mail-within.txt.p7m", lambda: streamed(CALLS), "suffix_forbidden"),
    bad("opaque.eml", lambda: in_mail(streamed(CALLS)), "suffix_forbidden"),
    bad("written-as-mail.p7m", lambda: in_mail(streamed(CALLS)), "suffix_forbidden"),
    bad("in-mail.eml", lambda: attached(b"filename=a.zip.p7m", whole(zipped(("a.exe", EXE)))), "suffix_forbidden"),
    bad("in-zip.zip", lambda: zipped(("a.zip.p7m", streamed(EVIL))), "suffix_forbidden"),
    bad("zip-behind.p7m", lambda: whole(TEXT) + zipped(("a.txt", TEXT)), "archive_ambiguous"),
    bad("zip-behind-line-breaks.p7m", lambda: streamed(TEXT) + b"\r\n\r\n" + zipped(("a.txt", TEXT)),
        "archive_ambiguous"),
    bad("tar-over-it", lambda: tar_over(streamed(TEXT)), "archive_damaged", "archive_ambiguous"),
    bad("two-contents.p7m", lambda: signed(der(4, TEXT) + der(4, TEXT)), "archive_damaged"),
    bad("beyond-its-end.p7m", lambda: whole(TEXT)[:-200], "archive_damaged"),
    bad("never-ended.p7m", lambda: streamed(TEXT)[:-2], "archive_damaged"),
    bad("in-itself.p7m", lambda: signed(b"\x24\x80" * 100_000), "archive_damaged"),
    bad("no-octets-within.p7m", lambda: signed(open_(0x24, der(0x30))), "archive_damaged"),
    bad("crumbs.p7m", lambda: streamed(TEXT).replace(der(4, TEXT[:1000]), b"\4\0" * 600_000), "archive_damaged"),
    bad("no-signature.p7m", lambda: TEXT, "archive_damaged"),
    bad("no-signature-either.p7m", lambda: bytes(range(256)), "content_not_as_named"),
    bad("encrypted.p7m", lambda: signed(der(4, TEXT), form=ENVELOPED), "archive_encrypted"),
    bad("encrypted.eml", lambda: in_mail(signed(der(4, TEXT), form=ENVELOPED)), "archive_encrypted"),
    bad("compressed.p7z", lambda: signed(der(4, TEXT), form=COMPRESSED), "archive_unsupported"),
)  # fmt: skip

HONEST = (
    *(good(f"{name}.{suffix}", lambda data=data, make=make: make(data))
      for name, make in (("whole", whole), ("streamed", streamed), ("stamped", stamped))
      for suffix, data in (
          ("docx.p7m", DOCX), ("pdf.p7m", PDF), ("zip.P7M", zipped(("a.txt", TEXT), method=STORED)), ("p7m", DOCX),
          ("png.tsd", PNG), ("xml.p7m", b'<?xml version="1.0"?><invoice/>'), ("txt.p7m", TEXT),
          ("eml.p7m", attached(b"filename=a.png", PNG)),
          ("pdf.p7m.p7m", whole(PDF)),
      )),
    good("in-pieces.pdf.p7m", lambda: streamed(PACKED_PDF)),
    good("pem.docx.p7m", lambda: pem(streamed(DOCX))),
    good("pem-with-other-breaks.docx.p7m", lambda: pem(whole(DOCX), b"CMS").replace(b"\n", b"\r\n")),
    good("base64.docx.p7m", lambda: base64.b64encode(whole(DOCX))),
    good("nobody-names-it", lambda: whole(DOCX)),
    good("smime.dat", lambda: streamed(DOCX)),
    good("named.pdf.tsd", lambda: stamped(PDF, b"named.pdf")),
    good("renamed.pdf.tsd", lambda: stamped(PDF, b"first.pdf")),
    good("apart.pdf.p7s", lambda: signed(None)),
    good("apart.docx.p7m", lambda: signed(None, make=open_)),
    good("apart-in-pem.pdf.p7s", lambda: pem(signed(None))),
    good("certificates.p7b", lambda: signed(None)),
    good("catalogue.cat", lambda: signed(der(0x30, der(6, SHA256)), kind=SHA256)),
    good("certificate.der", lambda: der(0x30, der(0x30, der(2, b"\1")), der(3, bytes(99)))),
    good("certificate.pem", lambda: pem(der(0x30, der(0x30, der(2, b"\1")), der(3, bytes(99))), b"CERTIFICATE")),
    good("empty.pdf.p7m", lambda: whole(b"")),
    good("nothing.p7m", lambda: b""),
    good("line-break-behind.pdf.p7m", lambda: whole(PDF) + b"\r\n"),
    good("zeros-behind.pdf.p7m", lambda: streamed(PDF) + bytes(600)),
    good("opaque.eml", lambda: in_mail(streamed(made(("cat.png", "image/png", PNG)).as_bytes()))),
    good("opaque-text.eml", lambda: in_mail(whole(b"Content-Type: text/plain\r\n\r\nhello\r\n"))),
    good("written-as-mail.p7m", lambda: in_mail(whole(TEXT))),
    good("signed.eml", lambda: mail(part(b"Content-Type: application/pkcs7-signature; name=smime.p7s\n"
        b"Content-Transfer-Encoding: base64\n", base64.encodebytes(signed(None))))),
    good("certified.eml", lambda: attached(b"filename=a.docx.p7m", whole(DOCX), kind=b"application/pkcs7-mime")),
    good("named.txt.p7m", lambda: whole(b"Subject: what was agreed\nBy: whom\n" + TEXT)),
    good("of-lists.txt", lambda: b"MIIB is how much of Base64 begins, as -----BEGIN CMS----- says\n" * 9),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
