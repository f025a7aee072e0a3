"""Refuses code of servers where anybody can write it: around a PDF, beside the entries of a ZIP, in a head of gzip."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.gzip_header import fields_of
from sidecar.inspection.formats.containers.zip_directory import BEGINS
from sidecar.inspection.formats.containers.zip_fields import beside_entries
from sidecar.inspection.formats.openers import IN_DATA
from sidecar.inspection.formats.pdf.features import STANDARD, pdf_header
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.kinds import canonical
from sidecar.inspection.whole import Whole

SERVER_CODE: Final = Reason(
    "server_code", "A document or archive holds code of a server where none belongs", 422, "server code",
    "a file without the openers of PHP, JSP, ASP or SSI and without script beside its content",
    "Save the file anew. Operators: checks.server_code: off lets it in.", source="CWE-434; CWE-98",
)  # fmt: skip
_HTML: Final = "text/html"
_GZIP: Final = b"\x1f\x8b\x08"


class ServerCode(Check):
    """Looks where a format keeps nothing but what its maker writes.

    Not within: a PDF may show PHP and a ZIP may hold it. Images, sound, film and fonts are searched whole by
    `polyglot`, text by nobody. None of these places is random, so that nothing is met by chance: `<?php` with what must
    follow would be met once in 2^41 random bytes, short tags once in 2^30.
    """

    name = "server_code"
    reasons: ClassVar = (SERVER_CODE,)

    def wants(self, file: File) -> bool:
        """PDF, ZIP and gzip, by their first bytes; a page that only talks of PDF is a page."""
        if file.head.startswith((*BEGINS, _GZIP)):
            return True
        at = pdf_header(file.head, latest=STANDARD)
        return at == 0 or (at > 0 and canonical(file.content_type) != _HTML)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Search the places of this format."""
        for title, text in _places(whole.data):
            if found := IN_DATA.search(text):
                yield Finding(SERVER_CODE, f"{title}: {printable(found.group(), 40)}")
                return


def _places(data: Data) -> tuple[tuple[str, bytes], ...]:
    if data[:8].startswith(BEGINS):
        return (("beside the entries of a ZIP", b"\n".join(beside_entries(data))),)
    if data[:3] == _GZIP:
        return (("gzip header", fields_of(data).text),)
    start = pdf_header(data, latest=STANDARD)
    end = data.rfind(b"%%EOF")
    behind = data[end + 5 :] if end >= 0 else b""
    return ("before a PDF", data[: max(0, start)]), ("behind a PDF", behind)
