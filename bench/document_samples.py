"""Honest files of each kind, such as people upload: the same in every run but for what the libraries write of time."""

import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
import openpyxl
from PIL import Image
from reportlab.pdfgen import canvas

WORDS = (
    "lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit", "sed", "do", "eiusmod", "tempor",
)  # fmt: skip
_DICE = random.Random(1)


def _text(words: int) -> str:
    return " ".join(_DICE.choice(WORDS) for _ in range(words))


def _saved(save: Callable[[Any], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


@cache
def _photo(width: int, height: int, kind: str) -> bytes:
    noise = Image.effect_noise((width, height), 60).convert("RGB")
    return _saved(lambda out: noise.save(out, kind, quality=88))


def _pdf(pages: int, *, form: bool = False) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=1)
    for number in range(pages):
        for line in range(50):
            page.drawString(40, 800 - line * 15, _text(12))
        page.linkURL(f"https://example.com/{number}", (0, 0, 50, 50))
        if form:
            page.bookmarkPage(str(number))
            page.addOutlineEntry(f"Page {number}", str(number))
            page.acroForm.textfield(name=f"field{number}")
        page.showPage()
    page.save()
    return out.getvalue()


def _scan(pages: int) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out)
    for number in range(pages):
        page.drawImage(_picture(_photo(1240 + number, 1754, "JPEG")), 0, 0, 595, 842)
        page.showPage()
    page.save()
    return out.getvalue()


def _picture(data: bytes) -> Any:  # noqa: ANN401 - reportlab has no types
    from reportlab.lib.utils import ImageReader  # noqa: PLC0415 - it reads fonts at import

    return ImageReader(io.BytesIO(data))


def _document() -> bytes:
    document = docx.Document()
    for _ in range(300):
        document.add_paragraph(_text(60))
    document.add_picture(io.BytesIO(_photo(1200, 900, "JPEG")))
    return _saved(document.save)


def _sheet(rows: int) -> bytes:
    book = openpyxl.Workbook()
    for _ in range(rows):
        book.active.append([*(_DICE.randrange(1000) for _ in range(15)), _text(3)])
    return _saved(book.save)


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def _texts() -> dict[str, bytes]:
    return {f"{number}.txt": _text(500).encode() for number in range(100)}


def _photos() -> dict[str, bytes]:
    return {f"{number}.jpg": _photo(1200 + number, 900, "JPEG") for number in range(10)}


def _elements(line: str, count: int) -> bytes:
    return "".join(line.format(number, _text(5)) for number in range(count)).encode()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "photo.jpg": lambda: _photo(4000, 3000, "JPEG"),
    "screenshot.png": lambda: _photo(1200, 900, "PNG"),
    "letter.pdf": lambda: _pdf(3),
    "book.pdf": lambda: _pdf(200),
    "form.pdf": lambda: _pdf(30, form=True),
    "scan.pdf": lambda: _scan(5),
    "report.docx": _document,
    "table.xlsx": lambda: _sheet(2000),
    "large.xlsx": lambda: _sheet(20_000),
    "drawing.svg": lambda: (
        b'<svg xmlns="http://www.w3.org/2000/svg">'
        + _elements('<path d="M{0} {0} L{0} 9" id="p{0}"/>', 10_000)
        + b"</svg>"
    ),
    "data.xml": lambda: b"<r>" + _elements('<i n="{0}">{1}</i>', 10_000) + b"</r>",
    "data.json": lambda: b"[" + _elements('{{"a": {0}, "b": "{1}"}},\n', 10_000) + b"0]",
    "data.csv": lambda: _elements("{0},{1},3,4,5\n", 20_000),
    "notes.txt": lambda: _elements("{0} {1}\n", 20_000),
    "texts.zip": lambda: _zip(_texts()),
    "photos.zip": lambda: _zip(_photos()),
    "texts.tar.gz": lambda: _tar(_texts()),
}
"""By the name that each is sent under."""
