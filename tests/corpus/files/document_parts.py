"""Documents that are ZIPs, and parts of them that no program for such documents would write."""

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from tests.corpus.files.packing import OOXML, PNG, TEXT, bad, good, zipped

EXE = b"MZ\x90\0\3" + bytes(200)
ELF = b"\x7fELF\2\1\1" + bytes(200)
ODT = (("mimetype", b"application/vnd.oasis.opendocument.text"),)
EPUB = (("mimetype", b"application/epub+zip"), ("META-INF/container.xml", b"<container/>"))
KMZ = (("doc.kml", b'<kml xmlns="http://www.opengis.net/kml/2.2"/>'),)
PAGES = (("Index/Document.iwa", b"\0\1\2\3"),)

DANGEROUS = (
    bad("eicar.docx", lambda: zipped(*OOXML, ("word/media/eicar.com", EICAR)), "eicar_found"),
    bad("eicar.odt", lambda: zipped(*ODT, ("Pictures/e.com", EICAR)), "eicar_found"),
    bad("eicar.epub", lambda: zipped(*EPUB, ("e.com", bytes(300_000) + EICAR)), "eicar_found"),
    bad("eicar.kmz", lambda: zipped(*KMZ, ("e.com", EICAR)), "eicar_found"),
    bad("eicar-in-documents.zip", lambda: zipped(("a.kmz", zipped(*KMZ, ("e.com", EICAR)))), "eicar_found"),
    bad("exe.epub", lambda: zipped(*EPUB, ("x.exe", EXE)), "office_program"),
    bad("elf.kmz", lambda: zipped(*KMZ, ("files/x", ELF)), "office_program"),
    bad("exe.pages", lambda: zipped(*PAGES, ("Data/x.png", EXE)), "office_program"),
    bad("exe-in-documents.zip", lambda: zipped(("a.epub", zipped(*EPUB, ("x.exe", EXE)))), "office_program"),
)  # fmt: skip

HONEST = (
    good("letters.epub", lambda: zipped(*EPUB, ("MZ.txt", b"MZ are two letters"), ("a.xhtml", b"<html/>"))),
    good("places.kmz", lambda: zipped(*KMZ, ("files/a.png", PNG), ("files/", b""))),
    good("letter.pages", lambda: zipped(*PAGES, ("Data/a.png", PNG), ("preview.jpg", TEXT))),
)

CASES = (*DANGEROUS, *HONEST)
