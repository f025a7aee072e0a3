"""Sections of OneNote with files that a double click runs, and honest ones."""

from sidecar.inspection.checks.eicar import TEST_STRING
from tests.corpus.files.packing import PNG, TEXT, bad, good, zipped
from tests.inspection.notes_files import notes, shown

EXE = b"MZ" + bytes(200)
SCRIPT = b'<script language=vbscript>CreateObject("WScript.Shell").Run "calc"</script>'

DANGEROUS = (
    bad("script.one", lambda: notes(("", PNG), ("invoice.hta", SCRIPT)), "suffix_forbidden"),
    bad("script-without-a-name.one", lambda: notes(("", SCRIPT)), "active_script"),
    bad("commands.one", lambda: notes(("a.txt", TEXT), ("order.bat", b"calc\r\n")), "suffix_forbidden"),
    bad("program.one", lambda: notes(("report.pdf", EXE)), "content_runs"),
    bad("eicar.one", lambda: notes(("", TEST_STRING)), "eicar_found"),
    bad("program-in-zip.one", lambda: notes(("a.zip", zipped(("evil.exe", EXE)))), "suffix_forbidden"),
    bad("with-another-suffix.dat", lambda: notes(("invoice.hta", b"x")), "suffix_forbidden"),
)
HONEST = (
    good("empty.one", notes),
    good("with-a-picture.one", lambda: notes(("", PNG), ("", PNG))),
    good("with-files.one", lambda: notes(("Größe.txt", TEXT), ("cat.png", PNG), ("a.zip", zipped(("a.txt", TEXT))))),
    good("speaks-of-a-program.one", lambda: shown("setup.exe")),
)
CASES = (*DANGEROUS, *HONEST)
