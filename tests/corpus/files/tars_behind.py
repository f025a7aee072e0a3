"""tar files behind what is none, which GNU's tar, bsdtar, Perl and node-tar pass over until the first header."""

import gzip
import lzma

from tests.corpus.files import image_samples as i
from tests.corpus.files.packing import bad, good
from tests.inspection import samples as s

JUNK = bytes(range(256)) * 2
IMAGES = (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp"), ("TIFF", "tif"))


def behind(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512) + s.tar()


CASES = (
    *(
        bad(f"{name}{end}", lambda before=before: behind(before), "polyglot")
        for name, before in (("junk", JUNK), ("zeros", bytes(512)), ("more-junk", JUNK * 7))
        for end in (".dat", ".bak", "")
    ),
    bad("junk-packed.gz", lambda: gzip.compress(behind(JUNK)), "polyglot"),
    bad("junk-packed.dat.xz", lambda: lzma.compress(behind(JUNK)), "polyglot"),
    *(bad(f"image.{end}", lambda kind=kind: behind(i.encoded(kind)), "polyglot") for kind, end in IMAGES),
    bad("long-image.jpg", lambda: behind(i.jpeg_with(0xEB, bytes(20_000))), "polyglot"),
    bad("sound.mp3", lambda: behind(s.mp3_tagged() + s.mp3_bare() * 20), "polyglot"),
    bad("document.pdf", lambda: behind(s.pdf()), "polyglot"),
    bad("letter.txt", lambda: behind(b"A letter.\n".ljust(5120, b"\n")), "polyglot"),
    good("disk-of-backups.dat", lambda: behind(JUNK * 16)),
    good("table-of-numbers.txt", lambda: b"  12345  23456  \n" * 4000),
)
