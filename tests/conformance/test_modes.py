"""Off, monitor and enforce, global and per route."""

import asyncio
import re

import pytest

from sidecar.isolation.places import Kind
from tests.waiting import until
from tests.wire import PATIENCE, PNG, Wire, form, post

GOOD = form(("avatar", "a.png", "image/png", PNG))
BAD = form(("avatar", "shell.php", "image/png", PNG))
BROKEN = GOOD[:-6] + b"\r\n"
ODD = b"some preamble\r\n" + GOOD


async def uploaded(port, body, target="/upload"):
    wire = await Wire.open(port)
    return (await wire.ask(post(body, target=target))).status


@pytest.mark.parametrize("mode", ["off", "monitor"])
@pytest.mark.parametrize("body", [GOOD, BAD, BROKEN, ODD])
async def test_off_and_monitor_forward_every_byte_as_it_was_sent(sidecar, service, mode, body):
    assert await uploaded(await sidecar(service, mode=mode), body) == 200
    assert service.requests[0].body == body
    assert service.requests[0].values("content-type") == [b"multipart/form-data; boundary=XBOUNDARYX"]


@pytest.mark.parametrize(("body", "status"), [(GOOD, 200), (BAD, 422), (BROKEN, 400), (ODD, 200)])
async def test_enforce_refuses_what_monitor_counts(sidecar, service, body, status):
    assert await uploaded(await sidecar(service), body) == status


@pytest.mark.parametrize("body", [GOOD, ODD])
async def test_enforce_forwards_the_body_that_the_sidecar_wrote(sidecar, service, body):
    await uploaded(await sidecar(service), body)
    request = service.requests[0]
    boundary = request.values("content-type")[0].partition(b"boundary=")[2]
    assert len(boundary) >= 32
    assert request.body == (
        b"--" + boundary + b'\r\nContent-Disposition: form-data; name="avatar"; filename="a.png"\r\n'
        b"Content-Type: image/png\r\n\r\n" + PNG + b"\r\n--" + boundary + b"--\r\n"
    )


def counted(instance, name):
    text = instance.metrics.render()[0].decode()
    return dict(re.findall(rf"^upload_sidecar_{name}(\{{.*\}}) ([1-9].*)$", text, re.MULTILINE))


async def test_monitor_counts_what_it_would_have_refused(start, service):
    instance = await start(service, mode="monitor")
    port = int(instance.address.rpartition(":")[2])
    for body in (GOOD, BAD, BROKEN):
        assert await uploaded(port, body) == 200
    # A client of monitor has its answer before its files were examined.
    expected = {
        '{action="forwarded",route="default",verdict="bad"}': "2.0",
        '{action="forwarded",route="default",verdict="clean"}': "1.0",
    }
    async with asyncio.timeout(PATIENCE):
        while counted(instance, "uploads_total") != expected:
            await asyncio.sleep(0.01)
    assert '{action="forwarded",reason="suffix_forbidden"}' in counted(instance, "findings_total")


async def test_monitor_ends_an_answer_that_ends_its_connection_before_the_file_was_examined(start, service):
    service.answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
    instance = await start(service, mode="monitor", isolation={"workers": 1, "spare": 0, "patience": "1m"})
    only = await instance._pool._places.take(Kind.NEW, PATIENCE)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    answer = await wire.ask(post(GOOD).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
    assert (answer.status, answer.body) == (200, b"ok")
    assert "1.0" not in counted(instance, "uploads_total").values()
    instance._pool._places.give(only)
    await until(lambda: "1.0" in counted(instance, "uploads_total").values())


async def test_off_still_counts_uploads(start, service):
    instance = await start(service, mode="off")
    await uploaded(int(instance.address.rpartition(":")[2]), BAD)
    assert counted(instance, "uploads_total") == {'{action="forwarded",route="default",verdict="not_inspected"}': "1.0"}


async def test_a_route_has_its_own_mode_and_policy(sidecar, service):
    port = await sidecar(
        service,
        mode="monitor",
        policies={"avatars": {"files": {"types": ["image/jpeg"]}}},
        routes=[{"path": "/strict", "policy": "avatars", "mode": "enforce"}],
    )
    assert await uploaded(port, GOOD) == 200
    assert await uploaded(port, GOOD, "/strict") == 415
    assert await uploaded(port, GOOD, "/strict%2f..%2fstrict") == 415


async def test_a_global_off_wins_over_every_route(sidecar, service):
    port = await sidecar(service, mode="off", routes=[{"path": "/strict", "mode": "enforce"}])
    assert await uploaded(port, BAD, "/strict") == 200


async def test_checks_off_leaves_grammar_and_limits(sidecar, service):
    port = await sidecar(service, policies={"default": {"checks": "off", "max_files": 1}})
    assert await uploaded(port, BAD) == 200
    assert await uploaded(port, BROKEN) == 400
    assert await uploaded(port, form(("a", "1", None, b"x"), ("b", "2", None, b"x"))) == 413


async def test_digest_of_every_file_is_in_the_outcome(start, service, monkeypatch):
    import hashlib  # noqa: PLC0415

    from sidecar.cli.serving import telling as module  # noqa: PLC0415

    told = []
    monkeypatch.setattr(module, "log_outcome", lambda outcome, _settings: told.append(outcome))
    instance = await start(service)
    await uploaded(int(instance.address.rpartition(":")[2]), GOOD)
    assert [(file.filename, file.size, file.sha256) for file in told[0].files] == [
        ("a.png", len(PNG), hashlib.sha256(PNG).hexdigest())
    ]


@pytest.mark.parametrize(
    ("target", "fields"),
    [
        ("/index.php/upload", b""),
        ("/upload.json", b""),
        ("/x/upload", b"SCRIPT_NAME: /x\r\n"),
        ("/other", b"X-Original-URL: /upload\r\n"),
    ],
)
async def test_whatever_way_a_service_is_led_to_a_route_its_mode_holds(sidecar, service, target, fields):
    port = await sidecar(service, mode="monitor", routes=[{"path": "/upload", "mode": "enforce"}])
    wire = await Wire.open(port)
    assert (await wire.ask(post(BAD, target=target, fields=fields))).status == 422
    assert (await wire.ask(post(GOOD, target=target, fields=fields))).status == 200
    (request,) = service.requests
    assert request.start == b"POST " + target.encode() + b" HTTP/1.1"
    assert fields.strip() in request.head
