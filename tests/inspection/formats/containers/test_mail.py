"""Parts of mails are found wherever some reader finds them, under all of their names, and with bounded work."""

import base64
import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers import mail, mail_header
from tests.corpus.files.mails import CASES, attached
from tests.pace import processor_time

NAMES = [
    (b"attachment; filename=a.txt", (b"a.txt",)),
    (b'attachment; filename="a b.txt"; size=9', (b"a b.txt",)),
    (b'attachment; filename="a\\"b;c.txt"', (b'a"b;c.txt',)),
    (b"attachment; FILENAME*=utf-8''Gr%C3%BC%C3%9Fe.txt", ("Grüße.txt".encode(),)),
    (b'attachment; filename*0="a"; filename*1=".t"; filename*2="xt"', (b"a.txt",)),
    (b"attachment; filename*1*=%2Etxt; filename*0*=''a", (b"a.txt",)),
    (b"attachment; filename==?iso-8859-1?q?Gr=FC=DFe_a=2Etxt?=", ("Grüße a.txt".encode(),)),
    (b'attachment; filename="=?utf-8?b?YS4=?= =?utf-8?b?dHh0?="', (b"a.txt",)),
    (b'attachment; filename="=?nobody-knows?b?YS4=?="', (b"=?nobody-knows?b?YS4=?=",)),
    (b"attachment; filename=a.txt; name=b.exe; filename*=''c.txt", (b"a.txt", b"b.exe", b"c.txt")),
    (b"attachment; xname=a.txt; creation-date=1", ()),
    (b"inline", ()),
]


@pytest.mark.parametrize(("field", "names"), NAMES, ids=lambda each: str(each)[:60])
def test_every_name_is_read(field, names):
    header = mail_header.header_at(b"Content-Disposition: " + field + b"\r\n\r\nbody", 0)
    assert header.names == names


def test_what_readers_take_for_the_beginning_of_a_body():
    header = mail_header.header_at(b"A: b\n \nno field\nC: d\n\nbody", 100)
    assert header.starts == (107, 122)


@given(st.binary(max_size=300), st.integers(1, 99), st.sampled_from([b"\n", b"\r\n", b"\r", b" \n"]))
def test_base64_is_unpacked_however_it_is_broken(data, width, line_break):
    text = base64.b64encode(data)
    text = line_break.join(text[at : at + width] for at in range(0, len(text), width)) + line_break
    assert b"".join(mail.pieces(text, 0, len(text), b"base64")) == data


def test_base64_is_unpacked_across_steps():
    data = random.Random(1).randbytes(500_000)
    text = base64.encodebytes(data)
    assert b"".join(mail.pieces(text, 0, len(text), b" Base64 ".lower())) == data


DEAR = {
    "comments": (b"--a\nContent-Type: " + b"()" * 100_000 + b"\n\n") * 100,
    "lines": b"--\n--a\n" * 2_000_000,
    "parts": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 2_000_000,
    "mails-in-mails": b"Content-Type: message/rfc822\n\n" * 500_000,
    "long-headers": b"Content-Type: multipart/mixed; boundary=a\n\n" + (b"--a\n" + b"X: y\n" * 1800) * 1000,
    "long-lines": b"Content-Type: multipart/mixed; boundary=a\n\n" + (b"--a\n" + b"X: " + b"y" * 9000 + b"\n") * 1000,
    "names": b"Content-Disposition: attachment" + b'; filename="' * 80_000 + b"\n\n",
    "sections": b"Content-Disposition: attachment" + b"; name*1=a" * 90_000 + b"\n\n",
    "words": b"Content-Disposition: attachment; filename=" + b"=?a?b?" * 150_000 + b"\n\n",
    "fields": b"Content-Type: text/plain; name=a\n" * 30_000 + b"\n",
    "blank-lines": b"\n" * 8_000_000,
}


@pytest.mark.parametrize("name", DEAR)
def test_what_is_made_to_be_dear_takes_a_bounded_time(name):
    with processor_time(below=5), contextlib.suppress(DamagedError, TooMuchError):
        for _ in mail.leaves(DEAR[name], mailbox=True):
            pass


@pytest.mark.parametrize("line", [b"--x\n", b"--\n", b"--" + b"x" * 600 + b"\n", b"--x\n" + b"y" * 80, b"--x\r"])
def test_parts_under_another_boundary_are_sought_in_linear_time(line):
    data = b"Content-Type: multipart/mixed\n\n" + line * (5_000_000 // len(line))
    (leaf,) = mail.leaves(data[:99], mailbox=False)
    with processor_time(below=2):
        assert not mail.hides_parts(data, leaf._replace(end=len(data)))


def test_a_header_of_excessive_size_is_told():
    data = b"X: " + b"y" * mail_header.MOST + b"\nContent-Disposition: attachment; filename=evil.exe\n\n"
    with pytest.raises(DamagedError):
        list(mail.leaves(data, mailbox=False))


def test_padding_everywhere_is_told():
    data = b"A=" * 1_000_000
    with pytest.raises(DamagedError):
        list(mail.pieces(data, 0, len(data), b"base64"))


def test_a_mail_of_many_megabytes_takes_tenths_of_a_second():
    data = attached(b"filename=a.bin", random.Random(1).randbytes(5_000_000))
    with processor_time(below=2):
        sizes = [
            sum(map(len, mail.pieces(data, leaf.header.starts[0], leaf.end, leaf.header.encodings[0])))
            for leaf in mail.leaves(data, mailbox=True)
        ]
        assert sizes[2] == 5_000_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_whatever_is_left_of_a_mail_is_read(case):
    data = case.data()
    for cut in range(0, len(data), max(1, len(data) // 60)):
        try:
            for leaf in mail.leaves(data[:cut], mailbox=True):
                assert leaf.header.starts[-1] <= cut + 3
        except DamagedError:
            pass
