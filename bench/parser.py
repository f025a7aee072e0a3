"""How fast the multipart parser reads, beside two libraries in the same interleaved run."""

import argparse
import gc
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import multipart
import python_multipart

from sidecar.multipart.encoder import Encoder
from sidecar.multipart.limits import Limits
from sidecar.multipart.parser import Parser

BOUNDARY = b"----WebKitFormBoundaryR4nd0mR4nd0mR4"
DELIMITER = b"\r\n--" + BOUNDARY
FIELDS = 1000


@dataclass(frozen=True)
class Load:
    """One body, in the pieces in which it arrives."""

    name: str
    pieces: list[bytes]
    parts: int

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return sum(map(len, self.pieces))


@dataclass(frozen=True)
class Result:
    """Medians of one reader on one load."""

    load: str
    reader: str
    seconds: float
    megabytes_per_second: float
    parts_per_second: float
    times_ours: float


def ours(load: Load) -> None:
    """This project's parser alone."""
    parser = Parser(BOUNDARY, Limits(max_parts=FIELDS))
    for piece in load.pieces:
        parser.feed(piece)
    parser.close()


def ours_encoded(load: Load) -> None:
    """The parser, and the canonical body made of its events."""
    parser, encoder = Parser(BOUNDARY, Limits(max_parts=FIELDS)), Encoder(BOUNDARY)
    for piece in load.pieces:
        for event in parser.feed(piece):
            encoder.encode((event,))
    parser.close()


def defnull(load: Load) -> None:
    """`multipart`, strict."""
    parser = multipart.PushMultipartParser(BOUNDARY, strict=True, max_segment_count=FIELDS)
    for piece in load.pieces:
        for _ in parser.parse(piece):
            pass
    parser.close()


def kludex(load: Load) -> None:
    """python-multipart with the callbacks that any caller needs."""
    calls = ("on_part_begin", "on_part_end", "on_headers_finished", "on_end")
    data_calls = ("on_part_data", "on_header_field", "on_header_value")
    callbacks = dict.fromkeys(calls, lambda: None) | dict.fromkeys(data_calls, lambda _data, _start, _end: None)
    parser = python_multipart.MultipartParser(BOUNDARY, callbacks)
    for piece in load.pieces:
        parser.write(piece)
    parser.finalize()


READERS: dict[str, Callable[[Load], None]] = {
    "sidecar": ours,
    "sidecar, written again": ours_encoded,
    "multipart": defnull,
    "python-multipart": kludex,
}


def file_body(data: bytes) -> bytes:
    """A form with one file; no line break at the end, since `multipart` refuses one in a piece of its own."""
    head = b'--%b\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n'
    return head % BOUNDARY + data + DELIMITER + b"--"


def fields_body() -> bytes:
    """A form with many small fields."""
    field = b'--%b\r\nContent-Disposition: form-data; name="field%d"\r\n\r\nvalue %d\r\n'
    return b"".join(field % (BOUNDARY, number, number) for number in range(FIELDS)) + b"--%b--" % BOUNDARY


def cut(body: bytes, size: int) -> list[bytes]:
    """The body in pieces of one size."""
    return [body[start : start + size] for start in range(0, len(body), size)]


def loads(megabytes: int) -> list[Load]:
    """The honest loads, then those made to be slow."""
    size = megabytes * 1_000_000
    noise = file_body(random.Random(7578).randbytes(size))
    hostile = {
        "nearly delimiters": DELIMITER[:-1] + b"!",
        "line breaks": b"\r\n",
        "carriage returns": b"\r",
        "hyphens": b"-",
        "beginnings of delimiters": DELIMITER[:20],
        "ends of delimiters": b"!" + DELIMITER[8:],
    }
    slow = [
        Load(f"{name}, 64 KiB", cut(file_body(repeated(seed, size // 10)), 65536), 1) for name, seed in hostile.items()
    ]
    near = file_body(repeated(DELIMITER[:-1] + b"!", size // 10))
    return [
        Load(f"{megabytes} MB file, 64 KiB", cut(noise, 65536), 1),
        Load(f"{megabytes} MB file, 256 KiB", cut(noise, 262144), 1),
        Load(f"{FIELDS} fields, 64 KiB", cut(fields_body(), 65536), FIELDS),
        Load(f"{FIELDS} fields, 100 bytes", cut(fields_body(), 100), FIELDS),
        Load("header of 4 KB, byte by byte", cut(file_body(b"").replace(b"a.bin", b"a" * 3900), 1), 1),
        *slow,
        Load("nearly delimiters, cut in each", cut(near, len(DELIMITER) - 3), 1),
    ]


def repeated(seed: bytes, size: int) -> bytes:
    """About so many bytes of one pattern."""
    return seed * (size // len(seed))


def measure(rounds: int, megabytes: int) -> list[Result]:
    """Every reader on every load in turn, so that a slow moment of the machine falls on all of them."""
    todo = loads(megabytes)
    gc.freeze()  # the pieces themselves are not what a collection should walk over, and no service holds so many
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds):
        for load in todo:
            print(f"round {number + 1} of {rounds}: {load.name}", file=sys.stderr)
            first = number % len(READERS)
            for name in [*READERS][first:] + [*READERS][:first]:
                times.setdefault((load.name, name), []).append(seconds(READERS[name], load))
    return [_result(load, name, times) for load in todo for name in READERS]


def seconds(reader: Callable[[Load], None], load: Load) -> float:
    """CPU time of one body: nothing here waits, and other processes of the machine do not count."""
    times = max(1, 2_000_000 // load.size) if load.parts > 1 else 1
    start = time.process_time()
    for _ in range(times):
        reader(load)
    return (time.process_time() - start) / times


def _result(load: Load, name: str, times: dict[tuple[str, str], list[float]]) -> Result:
    seconds = statistics.median(times[load.name, name])
    own = statistics.median(times[load.name, "sidecar"])
    return Result(load.name, name, seconds, load.size / seconds / 1e6, load.parts / seconds, own / seconds)


def table(results: list[Result]) -> str:
    """For people."""
    lines = [f"{'load':34} {'reader':24} {'MB/s':>8} {'parts/s':>10} {'of ours':>8}"]
    for result in results:
        rate = f"{result.parts_per_second:>10,.0f}" if result.load.startswith(str(FIELDS)) else " " * 10
        lines.append(
            f"{result.load:34} {result.reader:24} {result.megabytes_per_second:>8,.1f} {rate} {result.times_ours:>8.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Compare rows of one run only.")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds, of which the median counts (5)")
    parser.add_argument("--megabytes", type=int, default=100, help="size of the file (100)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there too")
    options = parser.parse_args()
    results = measure(options.rounds, options.megabytes)
    print(table(results))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=1))


if __name__ == "__main__":
    main()
