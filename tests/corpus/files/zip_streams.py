"""ZIP files whose entries have their size behind them, with what could be a size within, and honest ones with a ZIP."""

import io
import random
import struct
import zipfile
import zlib

from tests.corpus.files.packing import OOXML, TEXT, bad, good, streamed, tarred
from tests.corpus.files.zip_readings import DEFLATED, DESCRIBED_BEHIND, EXE, HELLO, end, local, record

STORED = 0


def descriptor(data: bytes, packed: int, form: str = "<4s3L") -> bytes:
    return struct.pack(form, b"PK\7\x08", zlib.crc32(data), packed, len(data))


def of_one(
    content: bytes, raw: bytes | None = None, *, listed: int = DESCRIBED_BEHIND, name: bytes = b"a.txt"
) -> bytes:
    """One entry with its size behind it; stored, or deflated as the raw bytes tell."""
    method, packed = (STORED, None) if raw is None else (DEFLATED, len(raw))
    raw = content if raw is None else raw
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, DESCRIBED_BEHIND, method, 0, 33, 0, 0, 0, len(name), 0) + name
    told, whole = record(name, content, 0, flags=listed, packed=packed), head + raw + descriptor(content, len(raw))
    return whole + told + end(1, len(told), len(whole))


def uncompressed(data: bytes) -> bytes:
    """Deflated in blocks that are stored, so that the bytes stand there as they are (RFC 1951, 3.2.4)."""
    packer = zlib.compressobj(0, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def two(name: bytes, form: str = "<4s3L", size: int = len(HELLO)) -> bytes:
    """A text, its size, and one more entry."""
    return HELLO + descriptor(HELLO, size, form) + local(name, EXE)


def deflated(content: bytes, name: bytes = b"a.txt") -> bytes:
    return of_one(content, uncompressed(content), name=name)


def streamed_without_packing(*entries: tuple[str, bytes]) -> bytes:
    """As services write that pack a folder while it is downloaded."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return pipe.getvalue()


DOCUMENT = streamed(*OOXML)
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
NOISE = random.Random(1).randbytes(200_000)
OTHER = descriptor(HELLO, 1)
"""A descriptor that ends nothing for libarchive, as that many bytes do not stand before it."""


def packed(name: bytes, content: bytes, *, told: bool = True) -> bytes:
    """A deflated entry, its size before it or behind it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = packer.compress(content) + packer.flush()
    flags, sizes = (0, (zlib.crc32(content), len(raw), len(content))) if told else (DESCRIBED_BEHIND, (0, 0, 0))
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, DEFLATED, 0, 33, *sizes, len(name), 0) + name
    return head + raw + (b"" if told else descriptor(content, len(raw)))


def unmeasured(name: bytes, content: bytes) -> bytes:
    """A stored entry that ends at the next descriptor."""
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, DESCRIBED_BEHIND, STORED, 0, 33, 0, 0, 0, len(name), 0)
    return head + name + content + descriptor(content, len(content))


def within(*entries: bytes, before: bytes = HELLO) -> bytes:
    return before + OTHER + b"".join(entries) + bytes(16)


def beyond_the_end() -> bytes:
    """What is found within the first entry reaches into the second, and another follows there."""
    inner = HELLO + OTHER + local(b"b.txt", bytes(600))[:-600]
    first = of_one(inner, name=b"a.dat")[: 30 + 5 + len(inner) + 16]
    content = bytes(600 - 16 - 30 - 5) + packed(b"c.svg", SCRIPT)
    second = local(b"d.dat", content)
    told = record(b"a.dat", inner, 0, flags=DESCRIBED_BEHIND) + record(b"d.dat", content, len(first))
    return first + second + told + end(2, len(told), len(first + second))


def picture(number: int) -> bytes:
    """A PNG that cannot be packed any further, as photos in documents."""
    rows = b"".join(b"\0" + NOISE[at : at + 300] for at in range(number * 30_000, (number + 1) * 30_000, 300))
    head = struct.pack(">2L5B", 100, 100, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (
        struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def illustrated() -> bytes:
    """As LibreOffice writes: pictures are stored, all else is deflated with its size behind it."""
    text = b'<?xml version="1.0"?><o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'
    return streamed_without_packing(
        ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", text),
        *((f"Pictures/{n}.png", picture(n)) for n in range(4)),
        ("META-INF/manifest.xml", b'<?xml version="1.0"?><manifest/>'),
    )  # fmt: skip


DANGEROUS = (
    bad("stored.zip", lambda: of_one(two(b"evil.txt")), "archive_ambiguous"),
    bad("stored-zip64.zip", lambda: of_one(two(b"evil.txt", "<4sL2Q")), "archive_ambiguous"),
    bad("stored-and-listed-otherwise.zip", lambda: of_one(two(b"evil.txt"), listed=0), "archive_ambiguous"),
    bad("stored-behind-a-signature.zip", lambda: of_one(b"PK\3\4" + two(b"evil.txt", size=9)), "archive_ambiguous"),
    bad("stored-with-another-size.zip", lambda: of_one(two(b"evil.php", size=1)), "suffix_forbidden"),
    bad("stored-to-climb.zip", lambda: of_one(two(b"../evil.txt", size=1)), "file_name_path"),
    bad("deflated.zip", lambda: deflated(two(b"evil.php")), "suffix_forbidden"),
    bad("deflated-zip64.zip", lambda: deflated(two(b"evil.php", "<4sL2Q")), "suffix_forbidden"),
    bad("stored-drawing.zip", lambda: of_one(within(local(b"a.svg", SCRIPT)), name=b"a.dat"), "active_script"),
    bad("packed-drawing.zip", lambda: of_one(within(packed(b"a.svg", SCRIPT)), name=b"a.dat"), "active_script"),
    bad("packed-drawing-in-blocks.zip", lambda: deflated(within(packed(b"a.svg", SCRIPT)), b"a.dat"), "active_script"),
    bad("stored-drawing-in-blocks.zip", lambda: deflated(
        within(local(b"a.svg", SCRIPT)).replace(struct.pack("<L", zlib.crc32(SCRIPT)), b"RRRR")), "active_script"),
    bad("drawing-behind-another.zip", lambda: of_one(
        within(packed(b"a.svg", DRAWING), local(b"b.dat", b""), packed(b"c.svg", SCRIPT))), "active_script"),
    bad("unmeasured-drawing.zip", lambda: of_one(
        within(packed(b"a.svg", DRAWING, told=False), unmeasured(b"b.svg", SCRIPT)), name=b"a.dat"), "active_script"),
    bad("drawing-beyond-the-end.zip", beyond_the_end, "active_script"),
    bad("countless-entries.docx", lambda: of_one(
        HELLO + OTHER + local(b"b", b"") * 11_000, name=b"[Content_Types].xml"), "archive_ambiguous"),
    bad("countless.zip", lambda: of_one(HELLO + b"PK\7\x08" * 20_000), "archive_ambiguous"),
)  # fmt: skip

HONEST = (
    good("document-in-a-stream.zip", lambda: streamed(("a.docx", DOCUMENT))),
    good("document-in-a-download.zip", lambda: streamed_without_packing(("a.docx", DOCUMENT), ("a.txt", TEXT))),
    good("document-in-blocks.zip", lambda: deflated(DOCUMENT, b"a.docx")),
    good("archive-of-documents.zip", lambda: deflated(tarred(("a.docx", DOCUMENT), ("b.docx", DOCUMENT)), b"a.tar")),
    good("stored-archive-of-documents.zip", lambda: of_one(tarred(("a.docx", DOCUMENT)), name=b"a.tar")),
    good("drawing-in-a-download.zip", lambda: of_one(within(packed(b"a.svg", DRAWING)), name=b"a.dat")),
    good("documents-in-an-archive.zip", lambda: of_one(tarred(("a.odt", illustrated())), name=b"a.tar")),
    good("documents-in-blocks.zip", lambda: deflated(tarred(("a.odt", illustrated())), b"a.tar")),
    good("streams-in-streams.zip", lambda: streamed_without_packing(
        ("a.zip", streamed_without_packing(*((f"{n}.txt", TEXT) for n in range(200)))), ("b.zip", DOCUMENT))),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
