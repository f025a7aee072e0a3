"""Files are examined where they are held: nothing of a held upload is written, or counted, a second time."""

import json
import random

import pytest

from tests.oracles.oracles import read_multipart
from tests.wire import Wire, form, png, post

MiB = 1024 * 1024
NOISE = random.Random(5).randbytes(3 * MiB)
PHP = b"<?php system($_GET[0]);"
ROUTES = [{"path": "/upload"}]


def images(*endings: bytes):
    """A form of images, large and small, some with something at the end of their pixels."""
    fields = [(f"note{number}", None, None, b"v" * 700 * number) for number in range(len(endings))]
    files = [
        (f"image{number}", f"{number}.png", "image/png", png(NOISE[number : (3 * MiB, 2000)[number % 2]] + ending))
        for number, ending in enumerate(endings)
    ]
    return [part for pair in zip(fields, files, strict=True) for part in pair]


async def test_an_upload_that_just_fits_the_room_is_examined_whole(sidecar, service):
    body = form(*images(b"", b"", b""))
    policy = {"default": {"max_body": len(body)}}
    port = await sidecar(service, spool={"max_bytes": len(body) + 4096}, policies=policy, routes=ROUTES)
    assert (await (await Wire.open(port)).ask(post(body))).status == 200


@pytest.mark.parametrize("memory", ["0", "1MiB", "64MiB"])
async def test_what_was_examined_goes_on_byte_for_byte(sidecar, service, memory):
    sent = images(b"", b"", b"", b"")
    port = await sidecar(service, spool={"memory": memory}, routes=ROUTES)
    assert (await (await Wire.open(port)).ask(post(form(*sent)))).status == 200
    (arrived,) = service.complete_requests
    boundary = arrived.values("content-type")[0].partition(b"boundary=")[2]
    assert [part.data for part in read_multipart(boundary, arrived.body)] == [data for *_, data in sent]


@pytest.mark.parametrize("memory", ["0", "1MiB", "64MiB"])
@pytest.mark.parametrize("which", range(4))
async def test_each_file_is_examined_to_its_own_end_and_no_further(sidecar, service, memory, which):
    port = await sidecar(service, spool={"memory": memory}, routes=ROUTES)
    endings = [PHP if number == which else b"" for number in range(4)]
    answer = await (await Wire.open(port)).ask(post(form(*images(*endings))))
    refusal = json.loads(answer.body)
    assert (answer.status, refusal["code"], refusal["part"]) == (422, "polyglot", f"image{which}")
    assert service.complete_requests == []


@pytest.mark.parametrize("memory", ["0", "64MiB"])
async def test_what_stands_between_files_is_not_taken_for_a_part_of_them(sidecar, service, memory):
    parts = [
        (name, None, None, PHP * 50) if name.startswith("note") else (name, *rest) for name, *rest in images(b"", b"")
    ]
    port = await sidecar(service, spool={"memory": memory}, routes=ROUTES)
    assert (await (await Wire.open(port)).ask(post(form(*parts)))).status == 200


async def test_a_refused_file_is_quarantined_from_where_it_is_held(start, service, tmp_path):
    kept = tmp_path / "kept"
    instance = await start(service, quarantine={"directory": str(kept)}, spool={"memory": "0"}, routes=ROUTES)
    sent = images(b"", b"", PHP)
    answer = await (await Wire.open(int(instance.address.rpartition(":")[2]))).ask(post(form(*sent)))
    assert answer.status == 422
    (data,) = kept.glob("*.data")
    assert data.read_bytes() == sent[-1][-1]
