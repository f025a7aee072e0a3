"""Fuzz the multipart parser: coverage-guided with atheris where that is installed, else by plain mutation.

Held against every input: nothing but MalformedError is raised, two cuts give one verdict, and what is accepted is
written as a body that reads the same and needs no change. The first two bytes choose the limits and the cut.
"""

import argparse
import importlib.util
import random
import sys
import time

from sidecar.multipart.content_type import form_type
from sidecar.multipart.encoder import Encoder, content_type, fresh_boundary
from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError

BOUNDARY = b"BB"
CHOICES = 2
TIGHT = Limits(header_block=90, headers=2, disposition_parameters=2, max_parts=2, preamble=20, epilogue=20)
FORM_DATA = b"Content-Disposition: form-data; "
SEEDS = [
    b'--BB\r\n%bname="a"\r\n\r\nvalue\r\n--BB--\r\n' % FORM_DATA,
    b'--BB\r\n%bname="f"; filename="C:\\x\\a.png"\r\nContent-Type: image/png\r\n\r\n\x89\r\n--BB--' % FORM_DATA,
    b"--BB\r\ncontent-type: text/plain; charset=utf-8\r\n%bname=b; \r\n\r\n\r\n--B\r\n--BB--" % FORM_DATA,
    b"--BB\r\nContent-Transfer-Encoding: binary\r\n%bname=b;filename*=utf-8''a%%22\r\n\r\n--BB--" % FORM_DATA,
    b"x\r\n--BB\r\n%bname=f; filename=\"=?utf-8?B?0YQ=?=\"; filename*=utf-8''%%D1%%84\r\n\r\n--BB--\r\ny" % FORM_DATA,
    b'--BB\r\n%bname="_charset_"\r\n\r\nutf-8\r\n--BB\r\n%bname=a; filename=""\r\n\r\n\r\n--BB--' % ((FORM_DATA,) * 2),
    b'--BB\r\n%bsize=1; filename="a. "; name="a\\"%%22"\r\nX: y\r\n\r\n\r\n\r\n--BB--' % FORM_DATA,
    b'multipart/form-data; charset="utf-8"; boundary=BB; junk=1',
]
TOKENS = [
    *(b"\r\n", b"\r", b"\n", b"--", b"--BB", b"\r\n--BB", b"\r\n--BB\r\n", b"\r\n--BB--", b"\r\n\r\n"),
    *(b'"', b"\\", b'\\"', b";", b":", b"=", b"*", b"'", b",", b" ", b"\t", b"/", b"..", b"=?", b"?=", b"%00", b"%22"),
    *(b"\x00", b"\xff", b"\xc3\xa9", b"name=", b"filename=", b"filename*=utf-8''", b"_charset_", b"multipart/"),
    *(FORM_DATA, b"Content-Type: ", b"boundary=", b"charset=", b"utf-7", b"size=", b"X: y\r\n"),
]  # fmt: skip


class BrokenPromiseError(Exception):
    """The parser did what it promises never to do."""


def read(pieces: list[bytes], boundary: bytes, limits: Limits) -> tuple[str | None, list[Part], list[bytes], set[str]]:
    """The rule that refused, the parts, their data and the notes."""
    parser, events = Parser(boundary, limits), list[Event]()
    refusal = None
    try:
        for piece in pieces:
            events += parser.feed(piece)
        parser.close()
    except MalformedError as error:
        refusal = error.rule.code
        events += parser.unseen
    parts = [event.part for event in events if isinstance(event, PartBegin | SmallField)]
    data = [bytearray() for _ in parts]
    current = -1
    for event in events:
        match event:
            case SmallField(_, content):
                current += 1
                data[current] += content
            case PartBegin():
                current += 1
            case PartData(content):
                data[current] += content
    return refusal, parts, [bytes(content) for content in data], parser.notes


def write(parts: list[Part], data: list[bytes], boundary: bytes) -> bytes:
    """The canonical body."""
    encoder, pieces = Encoder(boundary), []
    for part, content in zip(parts, data, strict=True):
        for event in (PartBegin(part), PartData(content), PartEnd(part, len(content))):
            pieces += encoder.encode((event,))
    return b"".join([*pieces, *encoder.encode((BodyEnd(len(parts)),))])


def keep(promise: str, *, kept: bool) -> None:
    """Stop at a promise that was not kept."""
    if not kept:
        raise BrokenPromiseError(promise)


def check_body(body: bytes, cut: int, limits: Limits) -> bool:
    """Hold one body against what the parser promises; gives whether it was accepted."""
    refusal, parts, data, notes = read([body], BOUNDARY, limits)
    again = read([body[start : start + cut] for start in range(0, len(body), cut)], BOUNDARY, limits)
    keep("one verdict, however the body is cut", kept=again[:2] + again[3:] == (refusal, parts, notes))
    if refusal is not None:
        return False
    keep("one reading, however the body is cut", kept=again[2] == data)
    fresh = fresh_boundary(random.Random(len(body)).randbytes, len(BOUNDARY))
    reread = read([write(parts, data, fresh)], fresh, DEFAULT_LIMITS)
    keep("a canonical body is accepted and needs no change", kept=(reread[0], reread[3]) == (None, set()))
    keep("a canonical body has the same data", kept=reread[2] == data)
    keep("a canonical body has the same heads", kept=reread[1] == [canonical(part) for part in parts])
    return True


def canonical(part: Part) -> Part:
    """A part as it is read from a canonical body."""
    declared = part.content_type or (b"application/octet-stream" if part.is_file else None)
    return part._replace(content_type=declared, filename_as_sent=None)


def check_content_type(value: bytes) -> None:
    """Hold one Content-Type against what is promised of it."""
    try:
        form = form_type([value])
    except MalformedError:
        return
    fresh = fresh_boundary(lambda size: form.boundary.ljust(size)[:size], len(form.boundary))
    again = form_type([content_type(fresh, form.charset_is_utf8)])
    keep("a canonical Content-Type says the same", kept=again == form._replace(boundary=fresh))


def check(data: bytes) -> bool:
    """One input of the fuzzer; gives whether it is a body that is accepted."""
    choice, body = data[:CHOICES].ljust(CHOICES, b"\0"), data[CHOICES:]
    check_content_type(body)
    return check_body(body, 1 + choice[1] % 64, TIGHT if choice[0] % 4 == 0 else DEFAULT_LIMITS)


def mutated(rng: random.Random, corpus: list[bytes]) -> bytes:
    """A seed with some changes."""
    data = bytearray(rng.choice(corpus))
    for _ in range(rng.randint(1, 6)):
        start = rng.randint(0, len(data))
        end = min(len(data), start + rng.choice((0, 0, 1, 2, 9)))
        data[start:end] = rng.choice(
            (rng.choice(TOKENS), rng.randbytes(rng.randint(0, 3)), bytes(data[start : start + rng.randint(0, 60)]))
        )
    return rng.randbytes(CHOICES) + bytes(data[:4096])


def run_plain(seconds: float, seed: int) -> None:
    """Mutate seeds until the time is over; without feedback from coverage."""
    rng, end, count, accepted = random.Random(seed), time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        data = mutated(rng, SEEDS)
        try:
            accepted += check(data)
        except Exception:
            print(f"failed on input {data!r} (seed {seed}, input {count})", file=sys.stderr)
            raise
        count += 1
    print(f"plain mutation (no atheris): {count} inputs in {seconds:g} s, {accepted} accepted, nothing found")


def run_guided(seconds: float) -> None:
    """Let atheris look for new branches; it ends the process itself."""
    import atheris  # noqa: PLC0415 an extra that only Linux and macOS have

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return mutated(rng, [data[CHOICES:], *SEEDS])[:most] if rng.getrandbits(1) else atheris.Mutate(data, most)

    print(f"coverage-guided (atheris), {seconds:g} s", flush=True)
    atheris.instrument_all()
    options = [f"-max_total_time={int(seconds)}", "-max_len=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options], check, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> None:
    """Run the better of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="how long (30)")
    parser.add_argument("--seed", type=int, default=7578, help="of plain mutation (7578)")
    parser.add_argument("--plain", action="store_true", help="plain mutation even where atheris is installed")
    options = parser.parse_args()
    for seed in SEEDS:
        check(b"\x01\x00" + seed)
    if options.plain or importlib.util.find_spec("atheris") is None:
        run_plain(options.seconds, options.seed)
    else:
        run_guided(options.seconds)


if __name__ == "__main__":
    main()
