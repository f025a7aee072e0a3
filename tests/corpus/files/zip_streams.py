"""ZIP files whose entries have their size behind them, with what could be a size within, and honest ones with a ZIP."""

import io
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

DANGEROUS = (
    bad("stored.zip", lambda: of_one(two(b"evil.txt")), "archive_ambiguous"),
    bad("stored-zip64.zip", lambda: of_one(two(b"evil.txt", "<4sL2Q")), "archive_ambiguous"),
    bad("stored-and-listed-otherwise.zip", lambda: of_one(two(b"evil.txt"), listed=0), "archive_ambiguous"),
    bad("stored-behind-a-signature.zip", lambda: of_one(b"PK\3\4" + two(b"evil.txt", size=9)), "archive_ambiguous"),
    bad("stored-with-another-size.zip", lambda: of_one(two(b"evil.php", size=1)), "suffix_forbidden"),
    bad("stored-to-climb.zip", lambda: of_one(two(b"../evil.txt", size=1)), "file_name_path"),
    bad("deflated.zip", lambda: deflated(two(b"evil.php")), "suffix_forbidden"),
    bad("deflated-zip64.zip", lambda: deflated(two(b"evil.php", "<4sL2Q")), "suffix_forbidden"),
    bad("countless.zip", lambda: of_one(HELLO + b"PK\7\x08" * 20_000), "archive_ambiguous"),
)  # fmt: skip

HONEST = (
    good("document-in-a-stream.zip", lambda: streamed(("a.docx", DOCUMENT))),
    good("document-in-a-download.zip", lambda: streamed_without_packing(("a.docx", DOCUMENT), ("a.txt", TEXT))),
    good("document-in-blocks.zip", lambda: deflated(DOCUMENT, b"a.docx")),
    good("archive-of-documents.zip", lambda: deflated(tarred(("a.docx", DOCUMENT), ("b.docx", DOCUMENT)), b"a.tar")),
    good("stored-archive-of-documents.zip", lambda: of_one(tarred(("a.docx", DOCUMENT)), name=b"a.tar")),
    good("streams-in-streams.zip", lambda: streamed_without_packing(
        ("a.zip", streamed_without_packing(*((f"{n}.txt", TEXT) for n in range(200)))), ("b.zip", DOCUMENT))),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
