"""Documents of Office and OpenOffice, made part by part."""

import base64
import io
import zipfile
import zlib

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def zipped(parts: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def relationship(kind: str, target: str, *, external: bool = True) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="r9" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def relationships(*each: str) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{XML}<Relationships xmlns="{space}">{"".join(each)}</Relationships>'


def _types(main: str, kind: str, overrides: str) -> str:
    return (
        f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
        f"{overrides}</Types>"
    )


def docx(body: str = "", *, rels: str = "", overrides: str = "", **parts: bytes | str) -> bytes:
    """A document of one paragraph, and further parts: `__` for a slash, `_dot_` for a dot."""
    return zipped({
        "[Content_Types].xml": _types("word/document.xml", "wordprocessingml.document", overrides),
        "_rels/.rels": relationships(relationship("officeDocument", "word/document.xml", external=False)),
        "word/document.xml": f"{XML}<w:document {W}><w:body><w:p>{body}</w:p></w:body></w:document>",
        "word/_rels/document.xml.rels": relationships(rels),
        **_named(parts),
    })  # fmt: skip


def xlsx(cells: str = "<c><v>1</v></c>", *, rels: str = "", overrides: str = "", **parts: bytes | str) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return zipped({
        "[Content_Types].xml": _types("xl/workbook.xml", "spreadsheetml.sheet", overrides),
        "_rels/.rels": relationships(relationship("officeDocument", "xl/workbook.xml", external=False)),
        "xl/workbook.xml": f'{XML}<workbook {space}><sheets><sheet name="A" sheetId="1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(rels),
        "xl/worksheets/sheet1.xml": f"{XML}<worksheet {space}><sheetData><row>{cells}</row></sheetData></worksheet>",
        **_named(parts),
    })  # fmt: skip


def pptx(slide: str = "", *, rels: str = "", **parts: bytes | str) -> bytes:
    return zipped({
        "[Content_Types].xml": _types("ppt/presentation.xml", "presentationml.presentation", ""),
        "_rels/.rels": relationships(relationship("officeDocument", "ppt/presentation.xml", external=False)),
        "ppt/presentation.xml": f'{XML}<p:presentation xmlns:p="urn:p"/>',
        "ppt/slides/slide1.xml": f'{XML}<p:sld xmlns:p="urn:p" xmlns:a="urn:a">{slide}</p:sld>',
        "ppt/slides/_rels/slide1.xml.rels": relationships(rels),
        **_named(parts),
    })  # fmt: skip


def odt(body: str = "", *, kind: str = "text", manifest: str = "", **parts: bytes | str) -> bytes:
    return zipped({
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": content(body),
        "META-INF/manifest.xml": f'{XML}<manifest:manifest xmlns:manifest="urn:m">{manifest}</manifest:manifest>',
        **_named(parts),
    })  # fmt: skip


def content(body: str, root: str = "document-content") -> str:
    spaces = " ".join(
        f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "text", "table", "draw", "script")
    )
    return (
        f'{XML}<office:{root} {spaces} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>{body}'
        f"</office:body></office:{root}>"
    )


def field(*runs: str) -> str:
    """A field whose code is cut into these runs."""
    code = "".join(f'<w:r><w:instrText xml:space="preserve">{run}</w:instrText></w:r>' for run in runs)
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{code}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _named(parts: dict[str, bytes | str]) -> dict[str, bytes | str]:
    return {name.replace("__", "/").replace("_dot_", "."): data for name, data in parts.items()}


def in_one_file(name: str, kind: str, data: bytes) -> bytes:
    """A package in one XML file (flat OPC), of one part."""
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    binary = f"<pkg:binaryData>{base64.b64encode(data).decode()}</pkg:binaryData>"
    part = f'<pkg:part pkg:name="{name}" pkg:contentType="{kind}">{binary}</pkg:part>'
    return f'{XML}<pkg:package xmlns:pkg="{space}">{part}</pkg:package>'.encode()


def word_2003(data: bytes) -> bytes:
    """Word 2003 XML with a file within."""
    space = "http://schemas.microsoft.com/office/word/2003/wordml"
    binary = f'<w:binData w:name="editdata.mso">{base64.encodebytes(data).decode()}</w:binData>'
    return f'{XML}<w:wordDocument xmlns:w="{space}"><w:docSuppData>{binary}</w:docSuppData></w:wordDocument>'.encode()


def web_archive(data: bytes) -> bytes:
    """A page with a file beside it, as Word writes it."""
    page = b"Content-Type: text/html\n\n<html><body>x</body></html>\n"
    beside = b"Content-Transfer-Encoding: base64\nContent-Type: application/x-mso\n\n" + base64.encodebytes(data)
    head = b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_N"\n\n'
    return head + b"".join(b"------=_N\n" + part for part in (page, beside)) + b"------=_N--\n"


def active_mime(data: bytes) -> bytes:
    """As Office packs what it keeps beside a page."""
    return b"ActiveMime\0\0\1\xf0".ljust(50, b"\0") + zlib.compress(data)
