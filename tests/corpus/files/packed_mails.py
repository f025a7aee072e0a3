"""Mails as Outlook packs them (`winmail.dat`), with attachments that are refused by themselves, and honest ones."""

from tests.corpus.files.mails import EXE, attached
from tests.corpus.files.packing import PNG, TEXT, bad, good
from tests.inspection import tnef_files as t

HELD = t.attribute(t.RENDERING, bytes(14)) + t.listed(
    t.valued(0x3701, bytes(16) + t.tnef(t.attached("a.exe", EXE)), 13)
)
MANY_NAMES = [t.text(0x3707, name) for name in ("a.hta", *(f"{number}.txt" for number in range(9)))]
HONEST_MAIL = t.tnef(t.attached("a.txt", TEXT, t.text(0x3707, "Gr\u00f6\u00dfe.txt")), t.attached("cat.png", PNG))


def forwarded(subject: str, *attributes: bytes) -> bytes:
    """A mail within, which is called by its subject."""
    called, held = t.attribute(t.TITLE, subject.encode() + b"\0"), bytes(16) + t.tnef(*attributes)
    return t.tnef(t.attribute(t.RENDERING, bytes(14)), called, t.listed(t.valued(0x3701, held, 13)))


def in_mail(data: bytes) -> bytes:
    return attached(b"filename=winmail.dat", data, kind=b"application/ms-tnef")


DANGEROUS = (
    bad("winmail.dat", lambda: t.tnef(t.attached("invoice.exe", EXE)), "suffix_forbidden"),
    bad("another-name.dat", lambda: t.tnef(t.attached("a.txt", b"x", t.text(0x3707, "a.hta"))), "suffix_forbidden"),
    bad("without-a-name.dat", lambda: t.tnef(t.attached("", EXE)), "content_runs"),
    bad("mail-in-a-mail.dat", lambda: t.tnef(HELD), "suffix_forbidden"),
    bad("many-names.dat", lambda: t.tnef(t.attached("a.txt", b"x", *MANY_NAMES)), "inside_too_many"),
    bad("forwarded.dat", lambda: forwarded("Contract.docx", t.attached("a.exe", EXE)), "suffix_forbidden"),
    bad("forwarded-script.dat", lambda: forwarded("a.hta"), "suffix_forbidden"),
    bad("in-a-mail.eml", lambda: in_mail(t.tnef(t.attached("invoice.exe", EXE))), "suffix_forbidden"),
    bad("unclear.dat", lambda: t.tnef(t.attached("a.txt", b"x", b"\x77\0\1\0")), "archive_damaged"),
)
HONEST = (
    good("winmail-with-files.dat", lambda: HONEST_MAIL),
    good("winmail-with-garbage.dat", lambda: HONEST_MAIL + b"\r\n\r\n"),
    good("winmail-in-a-mail.eml", lambda: in_mail(HONEST_MAIL)),
    good("winmail-with-a-mail.dat", lambda: forwarded("Emailing: Contract.docx", t.attached("a.txt", TEXT))),
    good("winmail-with-a-message.dat", lambda: forwarded("Meeting.msg")),
    good("winmail-without-files.dat", t.tnef),
    good("word-that-begins-so", lambda: b"\x78\x9f\x3e#" + bytes(50)),
)
CASES = (*DANGEROUS, *HONEST)
