"""What honest people pack."""

import bz2
import gzip
import lzma
import random
import stat
import tarfile
import zipfile

from tests.corpus.files.packing import (
    OOXML,
    PNG,
    STORED,
    TEXT,
    good,
    member,
    nested,
    raw_name,
    streamed,
    tarred,
    zipped,
)


def of_amiga() -> bytes:
    """Bits of protection where Unix has its mode."""
    file = member("notes.txt", stat.S_IFIFO | 0o17)
    file.create_system = 1
    return zipped((file, TEXT))


def with_modes() -> bytes:
    file, folder = member("notes.txt", stat.S_IFREG | 0o644), member("a/", stat.S_IFDIR | 0o755)
    return zipped((file, TEXT), (folder, b""))


CASES = (
    good("photos.zip", lambda: zipped(("cat.png", PNG), ("dogs/dog.png", PNG))),
    good("stored.zip", lambda: zipped(("cat.png", PNG), method=STORED)),
    good("bzip2.zip", lambda: zipped(("notes.txt", TEXT), method=zipfile.ZIP_BZIP2)),
    good("streamed.zip", lambda: streamed(("notes.txt", TEXT), ("cat.png", PNG))),
    good("empty.zip", zipped),
    good("folders.zip", lambda: zipped(("a/", b""), ("a/b/", b""), ("a/b/notes.txt", TEXT))),
    good("comment.zip", lambda: zipped(("notes.txt", TEXT), comment=b"Minutes of the meeting")),
    good("unicode.zip", lambda: zipped(("протокол.txt", TEXT), ("Größe.txt", TEXT), ("写真.png", PNG))),
    good("cp437.zip", lambda: raw_name(b"Gr\x94\xe1e.txt")),
    good("hundred.zip", lambda: zipped(*((f"notes-{index}.txt", TEXT) for index in range(100)))),
    good("empty-file.zip", lambda: zipped(("empty.txt", b""))),
    good("zip-in-zip.zip", lambda: nested(3, TEXT, "notes.txt")),
    good("modes.zip", with_modes),
    good("amiga.zip", of_amiga),
    good("maven.zip", lambda: zipped((member("META-INF/", 0xFFFF), b""), ("META-INF/notes.txt", TEXT))),
    good("large-log.zip", lambda: zipped(("server.log", b"GET /index 200 12ms\n" * 400_000))),
    good("notes.tar", lambda: tarred(("notes.txt", TEXT), ("cat.png", PNG))),
    good("notes-gnu.tar", lambda: tarred(("a" * 150 + "/notes.txt", TEXT), form=tarfile.GNU_FORMAT)),
    good("notes-ustar.tar", lambda: tarred(("a" * 90 + "/" + "b" * 60 + ".txt", TEXT), form=tarfile.USTAR_FORMAT)),
    good("notes-pax.tar", lambda: tarred(("übung/" + "n" * 150 + ".txt", TEXT))),
    good("folder.tar", lambda: tarred(("a/notes.txt", TEXT), a=(tarfile.DIRTYPE, ""))),
    good("notes.tar.gz", lambda: gzip.compress(tarred(("notes.txt", TEXT)))),
    good("notes.tgz", lambda: gzip.compress(tarred(("notes.txt", TEXT)))),
    good("notes.tar.bz2", lambda: bz2.compress(tarred(("notes.txt", TEXT)))),
    good("notes.tar.xz", lambda: lzma.compress(tarred(("notes.txt", TEXT)))),
    good("notes.txt.gz", lambda: gzip.compress(TEXT)),
    good("two-members.txt.gz", lambda: gzip.compress(TEXT) + gzip.compress(TEXT)),
    good("padded.txt.gz", lambda: gzip.compress(TEXT) + bytes(10_240)),
    good("padded.txt.xz", lambda: lzma.compress(TEXT) + bytes(300_000)),
    good("data.csv.gz", lambda: gzip.compress(b"a,b\n1,2\n" * 5000)),
    good("random.bin.xz.txt.xz", lambda: lzma.compress(random.Random(1).randbytes(1000).hex().encode())),
    good("letter.docx", lambda: zipped(*OOXML)),
    good("places.kmz", lambda: zipped(("doc.kml", b"<kml/>"), ("files/a.js", b"var a"))),
    good("book.epub", lambda: zipped(
        (member("mimetype", stat.S_IFREG), b"application/epub+zip"),
        ("OEBPS/a.xhtml", b"<html><body>Once</body></html>"),
        ("OEBPS/a.js", b"var a = 1;"), method=STORED,
    )),
)  # fmt: skip
