"""Mails with attachments that are refused by themselves, wherever some reader finds them, and honest mails."""

import base64
from email.message import EmailMessage

from sidecar.inspection.checks.eicar import TEST_STRING
from tests.corpus.files.packing import PHP, PNG, TEXT, bad, good, zipped
from tests.inspection import outlook_files as outlook

EXE = b"MZ" + bytes(200)
HEAD = b"From: a@example.com\nTo: b@example.org\nSubject: hello\nMIME-Version: 1.0\n"
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF"


def lines(data: bytes) -> bytes:
    return base64.encodebytes(data)


def part(header: bytes, body: bytes) -> bytes:
    return b"--=_b\n" + header + b"\n" + body + b"\n"


def mail(*parts: bytes, kind: bytes = b'multipart/mixed; boundary="=_b"', more: bytes = b"") -> bytes:
    text = part(b"Content-Type: text/plain\n", b"Please see what is attached.\n-- \nA\n")
    return HEAD + b"Content-Type: " + kind + b"\n" + more + b"\nIn MIME.\n" + text + b"".join(parts) + b"--=_b--\n"


def attached(
    disposition: bytes, data: bytes = EXE, *, encoding: bytes = b"base64", kind: bytes = b"image/png"
) -> bytes:
    """One attachment with this name."""
    head = b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: " + encoding + b"\n"
    body = lines(data) if encoding.lower() == b"base64" else data
    return mail(part(head + b"Content-Disposition: attachment; " + disposition + b"\n", body))


def made(*files: tuple[str, str, bytes], page: bool = True) -> EmailMessage:
    """As Python's library writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.org", "Größe und Maße " * 9
    message.set_content("Grüße\n\n--\nA\n")
    if page:
        message.add_alternative('<html><body><p onclick="a()">Grüße<script>1</script></body></html>', subtype="html")
    for name, kind, data in files:
        message.add_attachment(data, *kind.split("/"), filename=name)
    return message


def forwarded(message: EmailMessage) -> bytes:
    outer = made(page=False)
    outer.add_attachment(message)
    return outer.as_bytes()


def mailbox(*mails: bytes) -> bytes:
    return b"".join(b"From a@example.com Mon Jan  1 00:00:00 2024\n" + each + b"\n" for each in mails)


TYPED = b"Content-Type: image/png;\n\tname=evil.exe\nContent-Transfer-Encoding: base64\n"
ZIP = zipped(("b.php", PHP))
QUOTED = b"Gr=C3=BC=\n=C3=9Fe"
BASE64 = b"Content-Transfer-Encoding: base64\n"
RETURNED = b"Content-Type: text/rfc822-headers\n"
INVITATION = b"Content-Type: text/calendar; method=REQUEST\n"
SECTIONS = b"boundary*0==; boundary*1=_b"

EVIL = (
    ("named", attached(b"filename=evil.exe")),
    ("quoted", attached(b'filename="evil.exe"')),
    ("with-blanks", attached(b"filename = my evil.exe ")),
    ("in-type", mail(part(TYPED, lines(EXE)))),
    ("two-names", attached(b"filename=a.png; filename=evil.exe")),
    ("extended", attached(b"filename*=utf-8'en'evil%2Eexe")),
    ("in-sections", attached(b'filename*0="ev"; filename*1="il.e";\r\n filename*2=xe')),
    ("in-extended-sections", attached(b"filename*1=xe; filename*0*=utf-8''evil%2Ee")),
    ("encoded-word", attached(b'filename="=?utf-8?B?' + base64.b64encode(b"evil.exe") + b'?="')),
    ("encoded-words", attached(b'filename="=?us-ascii?Q?evil?=\n =?us-ascii?q?=2Eexe?="')),
    ("not-encoded", attached(b"filename=evil.exe", encoding=b"8bit")),
    ("unknown-encoding", attached(b"filename=evil.exe", encoding=b"x-none")),
    ("carriage-returns", attached(b"filename=evil.exe").replace(b"\n", b"\r")),
    ("crlf", attached(b"filename=evil.exe").replace(b"\n", b"\r\n")),
    ("folded", attached(b"filename=evil.exe").replace(b"attachment; ", b"attachment;\n \n ")),
    ("blank-lines-before", b"\n\n" + attached(b"filename=evil.exe")),
    ("second-boundary", mail(part(b"Content-Disposition: attachment; filename=evil.exe\n", b"MZ"),
                             kind=b'multipart/mixed; boundary=a; boundary="=_b"')),
    ("boundary-in-sections", attached(b"filename=evil.exe").replace(b'boundary="=_b"', SECTIONS)),
    *((f"boundary-beside-a-comment-{number}", attached(b"filename=evil.exe").replace(b'boundary="=_b"', boundary))
      for number, boundary in enumerate((
          b'boundary(x)="=_b"', b'boundary=(x)"=_b"', b'(a)boundary (b(c)\\)")\n = (d)"=_b"(e)',
          b"boundary==_b(x)c", b"boundary==_b c",
      ))),
    ("name-beside-a-comment", attached(b'filename(x)="evil.exe"')),
    ("name-behind-a-comment", attached(b'filename=(x)"evil.exe"')),
    ("name-before-a-comment", attached(b"filename=evil.exe(x).png")),
    ("comment-that-quotes", attached(b'x="(\\"(";filename("x)="evil.exe"')),
    ("forwarded", forwarded(made(("evil.exe", "application/x-dosexec", EXE)))),
    ("alone", HEAD + b"Content-Type: application/pdf; name=evil.exe\n" + BASE64 + b"\n" + lines(EXE)),
)  # fmt: skip

DANGEROUS = (
    *(bad(f"{name}.eml", lambda data=data: data, "suffix_forbidden") for name, data in EVIL),
    bad("second-of-two.mbox", lambda: mailbox(HEAD + b"\nhi\n", attached(b"filename=evil.exe")), "suffix_forbidden"),
    bad("mailbox-without-suffix", lambda: mailbox(HEAD + b"\nhi\n", attached(b"filename=a.zip", ZIP)),
        "suffix_forbidden"),
    bad("eicar.eml", lambda: attached(b"filename=a.txt", TEST_STRING), "eicar_found"),
    bad("eicar-in-text.eml", lambda: HEAD + BASE64 + b"\n" + lines(TEST_STRING), "eicar_found"),
    bad("eicar-behind-padding.eml", lambda: attached(b"filename=a.txt", b"x").replace(
        b"eA==\n", b"eA==\n" + lines(TEST_STRING)), "eicar_found"),
    bad("two-encodings.eml", lambda: attached(b"filename=a.txt", TEST_STRING).replace(
        b"Content-Transfer", b"Content-Transfer-Encoding: 8bit\nContent-Transfer"), "eicar_found"),
    bad("body-at-a-line-that-is-no-field.eml", lambda: mail(part(
        b"Content-Type: image/png; name=a.txt\nContent-Transfer-Encoding: base64\n" + lines(TEST_STRING), b"")),
        "eicar_found"),
    bad("program.msg", lambda: outlook.attached(EXE, _3707001F="evil.exe"), "suffix_forbidden"),
    bad("program-in-message-in-message.msg", lambda: outlook.attached_to_attached(EXE, "evil.exe"), "suffix_forbidden"),
    bad("not-a-picture.msg", lambda: outlook.attached(EXE, _3707001E="cat.png"), "content_not_as_named"),
    bad("php-in-zip.eml", lambda: attached(b"filename=a.zip", ZIP), "suffix_forbidden"),
    bad("not-a-picture.eml", lambda: attached(b"filename=cat.png", EXE), "content_not_as_named"),
    bad("many-names.eml", lambda: attached(b"filename=a.png; " * 9 + b"filename=evil.exe", PNG), "suffix_forbidden"),
    bad("many-distinct-names.eml", lambda: attached(
        b"".join(b"filename=%d.png; " % number for number in range(9)) + b"filename=evil.exe", PNG), "inside_too_many"),
    bad("climbing.eml", lambda: attached(b'filename="../../a.png"', PNG), "file_name_path"),
    bad("uuencoded.eml", lambda: attached(b"filename=a.txt", encoding=b"x-uuencode"), "archive_unsupported"),
    bad("delimiter-in-header.eml", lambda: attached(b"filename=a.txt").replace(
        b"Content-Disposition", b"--x\nContent-Disposition"), "archive_damaged"),
    *(bad(f"another-boundary-{number}.eml", lambda kind=kind: attached(b"filename=a.txt").replace(
        b'multipart/mixed; boundary="=_b"', kind), "archive_damaged")
      for number, kind in enumerate((
          b"multipart/mixed", b'multipart/mixed; boundary="A"', b"(x)multipart/mixed; boundry==_b",
      ))),
    bad("in-zip.zip", lambda: zipped(("a.eml", attached(b"filename=evil.exe"))), "suffix_forbidden"),
)  # fmt: skip

HONEST = (
    good("plain.eml", lambda: HEAD + b"\nSee you at noon.\n\nFrom noon on, in 2024\n-- \nA\n"),
    good("made.eml", lambda: made(("Größe.pdf", "application/pdf", PDF), ("cat.png", "image/png", PNG)).as_bytes()),
    good("made-crlf.eml", lambda: made(("cat.png", "image/png", PNG)).as_bytes().replace(b"\n", b"\r\n")),
    good("forward.eml", lambda: forwarded(made(("cat.png", "image/png", PNG)))),
    good("in-binary.eml", lambda: attached(b'filename="cat.png"', PNG, encoding=b"binary")),
    good("in-binary-crlf.eml", lambda: attached(b'filename="cat"', b"x", encoding=b"binary").replace(
        b"\n", b"\r\n").replace(b"\r\nx\r\n", b"\r\n" + PNG + b"\r\n")),
    good("quoted.eml", lambda: attached(b"filename=a.txt", QUOTED, encoding=b"Quoted-Printable")),
    good("notes.msg", lambda: outlook.attached(b"as told", _3707001F="Größe.txt", _3704001F="GRE~1.TXT")),
    good("notes-in-a-code-page.msg", lambda: outlook.attached(b"as told", _3707001E="Größe.txt")),
    good("invitation.eml", lambda: mail(part(INVITATION, b"BEGIN:VCALENDAR\n"))),
    good("not-delivered.eml", lambda: mail(part(b"Content-Type: message/delivery-status\n", b"Reporting-MTA: dns; a\n\n"
        b"Final-Recipient: rfc822; b@example.org\nStatus: 5.1.1\n"), part(RETURNED, HEAD))),
    good("mails.mbox", lambda: mailbox(HEAD + b"\nhi\n\n>From me\n", made(("cat.png", "image/png", PNG)).as_bytes(),
        HEAD + b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + lines(PNG))),
    good("empty.mbox", lambda: b""),
    good("shown-as-text.txt", lambda: attached(b"filename=evil.exe")),
    good("commented.eml", lambda: attached(b'filename="cat (1).png" (a cat); size=9', PNG)),
    good("brackets-without-quotes.eml", lambda: attached(b"filename=my cat (1).png", PNG)),
    good("bracket-that-stays-open.eml", lambda: attached(b"filename=cat(1.png", PNG)),
    good("delimiters-in-text.eml", lambda: HEAD + b"Content-Type: multipart/mixed\n\n--a\nx\n--a--\n"),
    good("cut-behind-its-header.eml", lambda: mail()[: len(HEAD) + 60]),
    good("no-parts.eml", lambda: HEAD + b"Content-Type: multipart/mixed\n\n" + TEXT),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
