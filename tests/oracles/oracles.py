"""Six form parsers that services use, each as a function from a body to the parts that its service would see.

Beside each parser stands what it is known to do to a part after reading it. These habits apply to whole names and
types, the same for every sender: none of them moves a border between parts or decides which of two values counts.
"""

import asyncio
import html
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import django.conf
import multipart
import python_multipart
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser as DjangoParser
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser as StarletteParser
from tornado.httputil import HTTPFile, ParseMultipartConfig, parse_multipart_form_data
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder

PARTS: Final = 1001
"""More than the sidecar forwards."""

if not django.conf.settings.configured:
    django.conf.settings.configure(
        DATA_UPLOAD_MAX_NUMBER_FIELDS=None, DATA_UPLOAD_MAX_NUMBER_FILES=None, DATA_UPLOAD_MAX_MEMORY_SIZE=None
    )


@dataclass(frozen=True, slots=True)
class SeenPart:
    """One part as a service sees it."""

    name: str
    filename: str | None
    content_type: str | None
    """Of a file; None for fields, whose type most of the six do not tell."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Oracle:
    """One parser."""

    name: str
    read: Callable[[bytes, bytes], list[SeenPart]]
    """From boundary and body to parts: in order, at least among the fields and the files of one name."""
    shows: Callable[[SeenPart], SeenPart | None] = lambda part: part
    """How it shows a part that it has read rightly; None where it leaves it out."""


def read_multipart(boundary: bytes, body: bytes) -> list[SeenPart]:
    # One buffer for all: a body that is cut within its last CRLF is refused (multipart 2.0.1).
    parser = multipart.MultipartParser(
        BytesIO(body), boundary, len(body), strict=True, buffer_size=len(body) + 1, part_limit=PARTS
    )
    parts = []
    for part in parser:
        declared = part.headers["Content-Type"] if part.filename is not None else None
        parts.append(SeenPart(part.name, part.filename, declared, part.raw))
        part.close()
    return parts


def read_python_multipart(boundary: bytes, body: bytes) -> list[SeenPart]:
    parts = []

    def on_field(field):
        parts.append(SeenPart(field.field_name.decode(), None, None, field.value or b""))

    def on_file(file):
        file.file_object.seek(0)
        name, filename = file.field_name.decode(), file.file_name.decode()
        parts.append(SeenPart(name, filename, file.content_type, file.file_object.read()))
        file.close()

    parser = python_multipart.FormParser("multipart/form-data", on_field, on_file, boundary=boundary)
    parser.write(body)
    parser.finalize()
    return parts


def read_werkzeug(boundary: bytes, body: bytes) -> list[SeenPart]:
    """The decoder beneath the form parser, which goes on to decode fields to text."""
    decoder = MultipartDecoder(boundary, max_parts=PARTS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    parts = []
    while not isinstance(event := decoder.next_event(), Epilogue):
        match event:
            case Field(name):
                parts.append(SeenPart(name, None, None, b""))
            case File(name, filename, headers):
                parts.append(SeenPart(name, filename, headers["content-type"], b""))
            case Data(data):
                parts[-1] = replace(parts[-1], data=parts[-1].data + data)
    return parts


def read_django(boundary: bytes, body: bytes) -> list[SeenPart]:
    head = {"CONTENT_TYPE": "multipart/form-data; boundary=" + boundary.decode(), "CONTENT_LENGTH": len(body)}
    fields, files = DjangoParser(head, BytesIO(body), [MemoryFileUploadHandler()], "utf-8").parse()
    parts = [SeenPart(name, None, None, value.encode()) for name, values in fields.lists() for value in values]
    for name, uploads in files.lists():
        for upload in uploads:
            parts.append(SeenPart(name, upload.name, upload.content_type, upload.read()))
            upload.close()
    return parts


def read_starlette(boundary: bytes, body: bytes) -> list[SeenPart]:
    """With ISO-8859-1 as charset, names and fields lose no byte when they become text."""
    return asyncio.run(_read_starlette(boundary, body))


async def _read_starlette(boundary: bytes, body: bytes) -> list[SeenPart]:
    async def stream() -> AsyncGenerator[bytes]:
        yield body

    headers = Headers({"Content-Type": "multipart/form-data; charset=latin-1; boundary=" + boundary.decode()})
    form = await StarletteParser(headers, stream(), max_files=PARTS, max_fields=PARTS).parse()
    parts = []
    for name, value in form.multi_items():
        if isinstance(value, str):
            parts.append(SeenPart(_utf8(name), None, None, value.encode("latin-1")))
        else:
            parts.append(SeenPart(_utf8(name), _utf8(value.filename), value.content_type, await value.read()))
    await form.close()
    return parts


def _utf8(text: str) -> str:
    return text.encode("latin-1").decode()


def read_tornado(boundary: bytes, body: bytes) -> list[SeenPart]:
    arguments: dict[str, list[bytes]] = {}
    files: dict[str, list[HTTPFile]] = {}
    parse_multipart_form_data(boundary, body, arguments, files, config=ParseMultipartConfig(max_parts=PARTS))
    parts = [SeenPart(name, None, None, value) for name, values in arguments.items() for value in values]
    for name, uploads in files.items():
        parts += [SeenPart(name, upload.filename, upload.content_type, upload.body) for upload in uploads]
    return parts


def shown_by_multipart(part: SeenPart) -> SeenPart:
    """It reads the three escapes of the WHATWG form encoding, as browsers write them."""
    return replace(part, name=_unescaped(part.name), filename=_unescaped(part.filename))


def _unescaped(name: str | None) -> str | None:
    return name and name.replace("%0D", "\r").replace("%0A", "\n").replace("%22", '"')


def shown_by_werkzeug(part: SeenPart) -> SeenPart:
    """It reads one of the three escapes of the WHATWG form encoding."""
    filename = part.filename and part.filename.replace("%22", '"')
    return replace(part, name=part.name.replace("%22", '"'), filename=filename)


def shown_by_django(part: SeenPart) -> SeenPart | None:
    """Fields are text, names lose white space round them, file names are sanitised (without any letter left: no file).

    PHP does the like with names of fields (`f.x` becomes `f_x`): what a service calls a field is for the policy.
    """
    part = replace(part, name=part.name.strip(" \t\n\r\f\v"))
    if not part.filename:
        return replace(without_empty_input(part), data=part.data.decode(errors="replace").encode())
    # django.http.multipartparser.MultiPartParser.sanitize_file_name: the view of HTML entities is among those that
    # the checks of names look at.
    base = html.unescape(part.filename).replace("\\", "/").rpartition("/")[2]
    filename = "".join(letter for letter in base if letter.isprintable())
    if filename in {"", ".", ".."}:
        return None
    return replace(part, filename=filename, content_type=part.content_type.partition(";")[0].strip().lower())


def without_empty_input(part: SeenPart) -> SeenPart:
    """A file input left empty (no name, no bytes) is an empty field to Django and tornado."""
    return part if part.filename else replace(part, filename=None, content_type=None)


ORACLES: Final = (
    Oracle("multipart", read_multipart, shown_by_multipart),
    Oracle("python-multipart", read_python_multipart),
    Oracle("werkzeug", read_werkzeug, shown_by_werkzeug),
    Oracle("django", read_django, shown_by_django),
    Oracle("starlette", read_starlette),
    Oracle("tornado", read_tornado, without_empty_input),
)
