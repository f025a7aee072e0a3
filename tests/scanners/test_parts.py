"""An engine is given a part of what stands behind a descriptor, and sees that part alone."""

import asyncio
import os

import pytest

from sidecar.isolation.copy import Range
from sidecar.policy.values.addresses import UnixAddress
from sidecar.scanners.clamd import Clamd
from sidecar.scanners.engine import run
from sidecar.scanners.held import Held
from sidecar.scanners.quarantine import Store
from sidecar.scanners.result import Bad, Clean
from sidecar.scanners.yara import Yara

RULES = 'rule inside { strings: $a = "within" condition: $a } rule outside { strings: $a = "beyond" condition: $a }'


@pytest.fixture
def part(tmp_path):
    """A file with something before it and behind it."""

    def make(data):
        path = tmp_path / "body"
        path.write_bytes(b"beyond " + data + b" beyond")
        opened.append(os.open(path, os.O_RDONLY))
        return Held(Range(opened[-1], 7, len(data)), "")

    opened = []
    yield make
    for descriptor in opened:
        os.close(descriptor)


async def test_rules_are_run_over_the_part_alone(tmp_path, part):
    pytest.importorskip("yara_x")
    (tmp_path / "a.yar").write_text(RULES)
    engine = Yara(str(tmp_path), 10)
    await engine.identify()
    assert await run(engine, part(b"within" * 100_000)) == Bad("a.inside")
    assert await run(engine, part(b"nothing" * 100_000)) == Clean()
    await engine.close()


async def test_clamd_gets_the_part_as_a_stream_since_a_descriptor_would_give_it_more(tmp_path, part):
    received = []

    async def serve(reader, writer):
        received.append(await reader.readuntil(b"\0"))
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            received.append(await reader.readexactly(size))
        writer.write(b"stream: OK\0")
        writer.close()

    path = str(tmp_path / "clamd.sock")
    engine = Clamd(UnixAddress(path), 5.0, "descriptor")
    async with await asyncio.start_unix_server(serve, path):
        assert engine.wants_files_alone
        assert await run(engine, part(b"within" * 100_000)) == Clean()
    assert (received[0], b"".join(received[1:])) == (b"zINSTREAM\0", b"within" * 100_000)


def test_quarantine_keeps_the_part_alone(tmp_path, part):
    store = Store(tmp_path / "kept", max_bytes=10**6, max_age=60, max_files=10)
    number = store.keep(part(b"within" * 1000).range, {}, 1.0)
    store.release(number, tmp_path / "released")
    assert (tmp_path / "released").read_bytes() == b"within" * 1000
