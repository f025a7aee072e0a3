"""Files as honest people and clients send them: name, declared type, bytes."""

import random

from tests.inspection import playlists
from tests.inspection import samples as s

OCTETS = "application/octet-stream"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"

CSV = b"name,age\r\nAlice,30\r\nBob,40\r\n"
CSV_WITH_TAGS = b'id;text\n1;"<a href=x>"\n2;<script>in a cell</script>\n'
LOG_WITH_TAGS = b"2024-01-01 00:00:00 INFO started\n2024-01-01 00:00:01 ERROR unexpected <html> in answer\n"
README = b'<p align="center"><img src="logo.png"></p>\n\n# Title\n\n<table><tr><td>x</td></tr></table>\n'
PYTHON = b"#!/usr/bin/env python3\nimport os\n\n\ndef main():\n    pass\n"
TYPESCRIPT = b"import { a } from './b';\nexport interface C { d: string }\n"
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by a program -->\n<note><to>x</to><title>t</title></note>\n'
STYLED_XML = b'<?xml version="1.0"?>\n<?xml-stylesheet type="text/css" href="a.css"?>\n<rss version="2.0"/>\n'
EXCEL_2003 = b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>\n'
OFX = b'<?xml version="1.0"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n<OFX/>\n'
UTF16_TEXT = "\ufeffname\tgröße\r\nä\t1\r\n".encode("utf-16-le")
LONG_TEXT = "Zeile für Zeile, ohne Ende.\n".encode() * 2000
NOISE = random.Random(1).randbytes(600)
CUT_UTF8 = b"x" + "ä".encode() * 4000

FILES: list[tuple[str, str | None, bytes]] = [
    # Images
    ("a.png", "image/png", s.png()), ("a.PNG", "image/x-png", s.png()), ("a.png", None, s.png()),
    ("a.png", OCTETS, s.png()), ("a.png", "text/plain", s.png()), ("a.png", "image/*", s.png()),
    ("a.jpg", "image/jpeg", s.jpeg()), ("a.jpeg", "image/jpg", s.jpeg_exif()), ("a.jfif", "image/pjpeg", s.jpeg()),
    ("a.gif", "image/gif", s.gif()), ("a.webp", "image/webp", s.webp()), ("a.bmp", "image/bmp", s.bmp()),
    ("a.bmp", "image/x-ms-bmp", s.bmp()), ("a.tif", "image/tiff", s.tiff()), ("a.ico", "image/x-icon", s.ico()),
    ("a.ico", "image/vnd.microsoft.icon", s.png()),
    ("a.heic", "image/heic", s.iso_media(b"heic", b"mif1", b"heic")), ("a.heic", "", s.iso_media(b"mif1", b"heic")),
    ("a.heif", "image/heif", s.iso_media(b"mif1", b"heic")), ("a.HEIC", OCTETS, s.iso_media(b"heix", b"mif1")),
    ("a.avif", "image/avif", s.iso_media(b"avif", b"mif1", b"avif")),
    ("a.svg", "image/svg+xml", s.svg()), ("a.svg", None, s.svg_with_prolog()),
    ("a.svg", "image/svg+xml", b"<!-- " + b"x" * 5000 + b" -->" + s.svg()),
    ("blob", "image/png", s.png()), ("blob", "image/jpeg", s.jpeg()), ("image", None, s.jpeg()),
    ("a.cr2", "image/x-canon-cr2", s.tiff()), ("a.dng", OCTETS, s.tiff()),
    # Sound and film
    ("a.mp3", "audio/mpeg", s.mp3_tagged()), ("a.mp3", "audio/mp3", s.mp3_bare()),
    ("a.mp3", None, bytes(417) + s.mp3_bare()),
    ("a.mp4", None, s.iso_media(b"zzzz")), ("a.heic", "image/heic", s.iso_media(b"zzzz", b"mif1")),
    ("a.mpg", "video/mp2t", s.transport_stream()), ("a.ts", "video/mp2t", s.transport_stream()),
    ("a.mts", "video/mp2t", s.transport_stream(b"\0\x12\x34\x56")),
    ("a.m2ts", None, s.transport_stream(b"\0\x12\x34\x56")),
    ("a.wav", "audio/wav", s.wav()), ("a.wav", "audio/x-wav", s.wav()), ("a.ogg", "audio/ogg", s.ogg()),
    ("a.ogg", "video/ogg", s.ogg()), ("a.opus", "audio/ogg", s.ogg(b"OpusHead\1\2")),
    ("a.ogv", "video/ogg", s.ogg(b"\x80theora")), ("a.flac", "audio/flac", s.flac()),
    ("a.mp4", "video/mp4", s.iso_media(b"isom", b"isom", b"mp41")), ("a.mp4", "video/mp4", s.iso_media(b"XAVC")),
    ("a.mov", "video/quicktime", s.iso_media(b"qt  ")), ("a.mov", "video/mp4", s.iso_media(b"mp42")),
    ("a.m4a", "audio/mp4", s.iso_media(b"M4A ", b"isom")), ("a.m4a", "audio/x-m4a", s.iso_media(b"mp42", b"isom")),
    ("a.m4v", "video/x-m4v", s.iso_media(b"M4V ")), ("a.3gp", "audio/3gpp", s.iso_media(b"3gp5")),
    ("a.webm", "video/webm", s.matroska(b"webm")), ("voice.webm", "audio/webm;codecs=opus", s.matroska(b"webm")),
    ("blob", "audio/webm;codecs=opus", s.matroska(b"webm")), ("a.mkv", "video/x-matroska", s.matroska(b"matroska")),
    # In pieces, and cut anywhere
    ("blob", "video/webm", b"\x1f\x43\xb6\x75\x20\xca\x8e\xe7\x81\0\xa3\xa3\x82\0\0\x80" + NOISE),
    ("blob", "audio/webm;codecs=opus", b"\x43\xc6\x81\x02\x9c\x80\xff\x03\xba" + NOISE),
    ("blob", "video/webm", b"\x60\x54\xa1\x5f\x16\x81\x02\x90\0\x11\x28" + NOISE),
    ("a.webm", "", b"\x34\0\xa3\x46\xfa\x81\4\x3b\0\x51\x1d" + NOISE),
    ("a.mp3", None, NOISE + s.mp3_bare()),
    ("a.aac", "audio/aac", NOISE + s.adts()), ("a.mpg", "video/mpeg", NOISE + b"\0\0\1\xba\x44\0\4\0\4\1" + NOISE),
    ("a.mp3", None, b"LYRICSBEGIN" + bytes(60) + s.mp3_bare()),
    ("a.mp3", None, b"LAME3.100" + b"U" * 300 + s.mp3_bare()),
    ("a.mp3", "audio/mpeg", playlists.behind_tag(s.mp3_bare(), 5000)),
    *((f"{kind}.mov", "video/quicktime", b"\0\0\0\x10" + kind.encode() + bytes(8) + b"\0\0\0\x08wide" + NOISE)
      for kind in ("PICT", "junk", "prfl")),
    ("pointer.ico", "image/x-icon", b"\0\0\2\0\1\0\x20\x20" + bytes(60)),
    *((f"{first:x}.doc", "application/msword", bytes([first]) + b"\xa5\x21\0" + NOISE) for first in (0x9B, 0xDC, 0xEC)),
    ("a.avi", "video/avi", s.avi()), ("a.avi", "video/x-msvideo", s.avi()),
    # Documents
    ("a.pdf", "application/pdf", s.pdf()), ("a.pdf", OCTETS, s.pdf()), ("a.pdf", "application/x-pdf", s.pdf()),
    ("a.pdf", "application/force-download", s.pdf()), ("a.pdf", "application/pdf", b"\r\n" + s.pdf()),
    ("a.rtf", "application/rtf", s.rtf()), ("a.rtf", "application/msword", s.rtf()), ("a.doc", None, s.rtf()),
    ("a.rtf", None, rb"{\rtf\ansi\deff0 Dear reader}"), ("a.doc", None, rb"{\rtf\ansi\ansicpg1252 Dear reader}"),
    ("a.docx", WORD, s.ooxml("word")), ("a.docx", "application/zip", s.ooxml("word")),
    ("a.docx", WORD, s.ooxml_reordered("word")), ("a.docx", WORD, s.ooxml_with_properties("word")),
    ("a.xlsx", EXCEL, s.ooxml_with_properties("xl")), ("a.pptx", None, s.ooxml_with_properties("ppt")),
    ("a.docx", OCTETS, s.zipped(("_rels/.rels", b"x" * 9000), stored=True)),
    ("a.docm", "application/vnd.ms-word.document.macroEnabled.12", s.ooxml("word")),
    ("a.docx", WORD, s.ole("EncryptedPackage")),
    ("a.xlsx", EXCEL, s.ooxml("xl")), ("a.xlsx", "application/vnd.ms-excel", s.ooxml("xl")),
    ("a.pptx", SLIDES, s.ooxml("ppt")), ("a.odt", ODT, s.open_document("text")),
    ("a.ods", "application/vnd.oasis.opendocument.spreadsheet", s.open_document("spreadsheet")),
    ("a.doc", "application/msword", s.ole()), ("a.doc", "application/msword", s.ole() + bytes(9000)),
    ("a.doc", WORD, s.ooxml("word")), ("a.xls", "application/vnd.ms-excel", s.ole("Workbook")),
    ("a.xls", "application/vnd.ms-excel", b"name\tage\nAlice\t30\n"), ("a.xls", "application/vnd.ms-excel", EXCEL_2003),
    ("a.ppt", "application/vnd.ms-powerpoint", s.ole("PowerPoint Document")),
    ("a.msg", "application/vnd.ms-outlook", s.ole("__substg1.0_001A001E")),
    ("a.epub", "application/epub+zip", s.epub()), ("a.ps", "application/postscript", b"%!PS-Adobe-3.0\n%%EOF\n"),
    ("a.ai", "application/postscript", s.pdf()), ("a.dot", "application/msword", b"digraph { a -> b }\n"),
    # Archives
    ("a.zip", "application/zip", s.zipped(("a.txt", b"x"))), ("a.zip", "application/x-zip-compressed", s.zipped()),
    ("a.zip", None, s.ooxml("word")), ("a.zip", OCTETS, s.zipped(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x"))),
    ("a.gz", "application/gzip", s.gzipped()), ("a.tar.gz", "application/x-tar", s.gzipped()),
    ("a.tgz", "application/x-gzip", s.gzipped()), ("a.csv.gz", "text/csv", s.gzipped()),
    ("a.log.bz2", "text/plain", s.bzipped()), ("a.xz", "application/x-xz", s.xzipped()), ("a.tar", OCTETS, s.tar()),
    ("a.7z", "application/x-7z-compressed", s.seven_zip()), ("a.rar", "application/x-rar-compressed", s.rar()),
    ("a.zst", "application/zstd", s.zstandard()),
    # Text
    ("a.csv", "text/csv", CSV), ("a.csv", "application/vnd.ms-excel", CSV),
    ("a.csv", "application/vnd.ms-excel", b"a;b\r\n1;\0\0\r\n"),
    ("a.csv", "text/plain", CSV_WITH_TAGS),
    ("a.csv", OCTETS, b"MZ,name,value\n1,2,3\n" * 20), ("a.csv", None, b"BM,name,value\n1,2,3\n" * 20),
    ("a.csv", None, UTF16_TEXT), ("a.csv", "text/csv", b"\xef\xbb\xbf" + CSV), ("a.csv", None, b"42"),
    ("a.csv", None, "größe;straße\n".encode("latin-1")), ("a.tsv", "text/tab-separated-values", b"a\tb\n1\t2\n"),
    ("a.txt", "text/plain", b"Hello, this is a note.\n"), ("a.txt", None, LONG_TEXT), ("a.txt", None, CUT_UTF8),
    ("a.txt", "text/plain", b"GIF89a is a format\n"), ("a.txt", "text/plain", b"P6 is a portable pixmap\n"),
    ("a.txt", "text/plain", b"an article on the %PDF-1.7 header\n"), ("a.txt", "text/plain", s.HTML),
    ("a.txt", "text/plain", s.SHELL), ("a.txt", "text/plain", "日本語のテキスト\n".encode("shift-jis")),
    ("a.txt", "application/octet-stream", b"x"), ("a.txt", "text/plain", b"\n" * 5000), ("a.txt", None, b" "),
    ("a.log", "text/x-log", LOG_WITH_TAGS), ("a.log", OCTETS, bytes(200) + b"2024 started after a crash\n"),
    ("a.log", None, b"\x1b[31mred\x1b[0m line\n"), ("a.md", "text/markdown", b"# Title\n\nSome *text*.\n"),
    ("README.md", "application/octet-stream", README), ("README", None, b"# Title\n"),
    ("a.rst", None, b"Title\n=====\n"),
    ("a.json", "application/json", b'{"a": [1, 2, {"b": "<html>"}]}'), ("a.json", "text/json", b"[1,2,3]"),
    ("blob", "application/json", b'{"a": 1}'), ("a.ndjson", "application/x-ndjson", b'{"a":1}\n{"a":2}\n'),
    ("a.xml", "text/xml", XML), ("a.xml", "application/xml", b"<note><title>x</title></note>"), ("a.ofx", None, OFX),
    ("a.rss", "application/rss+xml", STYLED_XML), ("a.gpx", "application/gpx+xml", XML), ("a.kml", OCTETS, XML),
    ("a.plist", None, b"bplist00\xd1\1\2"), ("en.msg", None, b"msgcat set en\n"), ("a.js", None, s.SHELL),
    ("a.wav", "audio/x-wav", b"RIFX" + s.wav()[4:]), ("a.bat", "application/x-msdos-program", b"@echo off\r\n"),
    ("a.yaml", "application/yaml", b"---\na: 1\n"), ("a.yml", None, b"a: 1\n"),
    ("a.ini", None, b"[section]\nkey=value\n"), ("a.toml", "application/toml", b"[a]\nb = 1\n"),
    ("a.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    ("a.vcf", "text/x-vcard", b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\n"),
    ("a.srt", "application/x-subrip", b"1\n00:00:01,000 --> 00:00:02,000\nHi\n"), ("a.eml", "message/rfc822", s.eml()),
    ("a.eml", OCTETS, b"Subject: x\r\n\r\n<html>x</html>\r\n"), ("a.pem", None, b"-----BEGIN CERTIFICATE-----\nMIIB\n"),
    ("a.diff", "text/x-diff", b"--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n"), ("a.tex", "text/x-tex", b"\\documentclass{a}\n"),
    ("a.sql", "application/sql", b"CREATE TABLE x (id int);\n"), ("a.css", "text/css", b"body { color: red; }\n"),
    # Source code, where the policy lets its suffix in
    ("a.py", "text/x-python", PYTHON), ("a.py", OCTETS, b"import os\n"), ("a.c", "text/x-c", b"#include <stdio.h>\n"),
    ("a.ts", "video/mp2t", TYPESCRIPT), ("a.mts", "video/mp2t", TYPESCRIPT),
    ("a.go", None, b"package main\n"), ("a.sh", "application/x-sh", s.SHELL),
    ("a.php", "application/x-php", s.PHP), ("a.php", None, s.HTML), ("a.html", "text/html", s.HTML),
    ("a.vue", None, b"<script>export default {}</script>\n"), ("a.jsp", None, s.HTML), ("a.js", None, b"let a = 1;\n"),
    # What macOS keeps beside another file
    *((f"._a.{suffix}", declared, s.apple_double())
      for suffix, declared in (("jpg", "image/jpeg"), ("pdf", None), ("docx", WORD), ("html", None), ("zip", OCTETS),
                               ("txt", "text/plain"), ("svg", "image/svg+xml"), ("mp4", None), ("unknown", None))),
    # Nothing, hardly anything, anything
    ("a.png", "image/png", b""), ("a.txt", "text/plain", b""), ("empty", None, b""), ("a.dat", None, b"\0"),
    ("a.dat", OCTETS, bytes(range(256)) * 9), ("a.dwg", "image/vnd.dwg", b"AC1032" + bytes(99)), ("x", None, b"x"),
    ("a.woff2", "font/woff2", s.woff2()), ("a.ttf", "font/ttf", s.ttf()),
    ("a.stl", "model/stl", b"solid x\nendsolid\n"),
    # Programs, where the policy lets their suffix in
    ("a.exe", "application/x-msdownload", s.exe()), ("a.so", OCTETS, s.elf()), ("a.class", None, s.java_class()),
    ("a.jar", "application/java-archive", s.zipped(("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x"))),
]  # fmt: skip
