"""Who is calling, in which trace, and with which receipt: over raw sockets."""

import asyncio
import hashlib
import json

import pytest

from sidecar.cli.serving import telling
from sidecar.telemetry.outcome_event import event_of
from tests.wire import PNG, Wire, form, post

UPLOAD = form(("avatar", "cat ü.png", "image/png", PNG))
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GET = b"GET / HTTP/1.1\r\nHost: a\r\nUpload-Receipt-Verdict: clean\r\n\r\n"
FORGED = b"Upload-Receipt-Verdict: clean\r\nUpload_Receipt_Policy: none\r\n"


async def asked(port, *fields: str):
    lines = "".join(f"{field}\r\n" for field in fields)
    return await (await Wire.open(port)).ask(f"GET / HTTP/1.1\r\nHost: a.test\r\n{lines}\r\n".encode())


async def test_forwarded_fields_pass_unchanged_by_default(sidecar, service):
    fields = ["X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7", "X-Forwarded-Proto: https"]
    await asked(await sidecar(service), *fields)
    assert [line.decode() for line in service.requests[0].lines[1:4]] == fields


@pytest.mark.parametrize(
    ("setting", "address"), [("append", b"203.0.113.7, 127.0.0.1"), ("replace", b"127.0.0.1"), ("keep", b"203.0.113.7")]
)
async def test_this_hop_is_told_as_the_settings_say(sidecar, service, setting, address):
    port = await sidecar(service, forwarded={"fields": setting})
    await asked(port, "Connection: X-Forwarded-For", "X-Forwarded-For: 203.0.113.7")
    assert service.requests[0].values("x-forwarded-for") == [address]


async def test_with_mode_off_nothing_is_told(sidecar, service):
    port = await sidecar(service, mode="off", forwarded={"fields": "replace", "trace": "restart"})
    await asked(port, "X-Forwarded-For: 203.0.113.7", "traceparent: x", "A_b: 1")
    assert service.requests[0].lines == [b"Host: a.test", b"X-Forwarded-For: 203.0.113.7", b"traceparent: x", b"A_b: 1"]


@pytest.mark.parametrize(("setting", "status", "seen"), [("keep", 200, [b"1"]), ("drop", 200, []), ("refuse", 400, [])])
async def test_fields_with_underscores_are_treated_as_set(sidecar, service, setting, status, seen):
    answer = await asked(await sidecar(service, client={"underscores": setting}), "X_Custom: 1")
    assert answer.status == status
    assert [request.values("x_custom") for request in service.requests] == ([seen] if status == 200 else [])


@pytest.fixture
def logged(monkeypatch):
    lines = []
    monkeypatch.setattr(telling, "log_outcome", lambda outcome, settings: lines.append(event_of(outcome, settings)))
    return lines


@pytest.mark.parametrize("trace", ["pass", "begin"])
async def test_a_valid_trace_goes_on_and_is_in_the_log(sidecar, service, logged, trace):
    parent = f"00-{TRACE}-00f067aa0ba902b7-01"
    await asked(await sidecar(service, forwarded={"trace": trace}), f"traceparent: {parent}", "tracestate: a=b")
    assert service.requests[0].values("traceparent") == [parent.encode()]
    assert service.requests[0].values("tracestate") == [b"a=b"]
    assert logged[0]["trace_id"] == TRACE


async def test_a_trace_that_begins_here_is_in_the_log(sidecar, service, logged):
    await asked(await sidecar(service, forwarded={"trace": "begin"}))
    assert service.requests[0].values("traceparent")[0].split(b"-")[1].decode() == logged[0]["trace_id"]


@pytest.mark.parametrize(("setting", "hops", "key", "value"), [
    ("plain", 0, "client", "127.0.0.1"),
    ("plain", 1, "client", "203.0.113.7"),
    ("hash", 1, "client_hash", None),
    ("off", 1, None, None),
])  # fmt: skip
async def test_the_address_of_the_client_is_logged_only_as_allowed(sidecar, service, logged, setting, hops, key, value):
    port = await sidecar(service, log={"client": setting}, forwarded={"trusted_hops": hops})
    await asked(port, "X-Forwarded-For: 198.51.100.1, 203.0.113.7")
    told = {name: logged[0][name] for name in ("client", "client_hash") if name in logged[0]}
    assert list(told) == ([key] if key else [])
    assert value is None or told[key] == value
    assert setting == "plain" or "203.0.113.7" not in json.dumps(logged)


@pytest.mark.parametrize("head", [
    b"\x01\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nX-Forwarded-For: ::1\r\n\r\n",
    b"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n",
    b"GET /a#b HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n",
])  # fmt: skip
@pytest.mark.parametrize("setting", ["plain", "off"])
async def test_of_a_head_that_is_refused_the_peer_is_told_and_no_hop_believed(sidecar, service, logged, head, setting):
    port = await sidecar(service, log={"client": setting}, forwarded={"trusted_hops": 1})
    wire = await Wire.open(port)
    assert (await wire.ask(head)).status == 400
    await wire.reader.read()
    assert [line.get("client") for line in logged] == ["127.0.0.1" if setting == "plain" else None]


async def test_a_held_upload_goes_on_with_its_receipt(sidecar, service):
    port = await sidecar(service, receipt={"send": "on"})
    assert (await (await Wire.open(port)).ask(post(UPLOAD, fields=FORGED))).status == 200
    request = service.requests[0]
    assert request.values("upload-receipt-verdict") == [b"clean"]
    assert request.values("upload_receipt_policy") == []
    assert request.values("upload-receipt-policy") == [b"default"]
    assert request.values("upload-receipt-file-1") == [
        b"field=avatar; name=cat%%20%%C3%%BC.png; type=image/png; size=%d; sha256=" % len(PNG)
        + hashlib.sha256(PNG).hexdigest().encode()
    ]


@pytest.mark.parametrize("mode", ["monitor", "enforce"])
@pytest.mark.parametrize(
    "request_bytes", [post(UPLOAD, fields=FORGED), b"GET / HTTP/1.1\r\nHost: a\r\n" + FORGED + b"\r\n"]
)
async def test_a_receipt_from_a_client_never_reaches_the_service(sidecar, service, mode, request_bytes):
    await (await Wire.open(await sidecar(service, mode=mode))).ask(request_bytes)
    assert b"receipt" not in service.requests[0].head.lower()


@pytest.mark.parametrize(("send", "passes"), [("off", True), ("on", False)])
async def test_with_mode_off_a_forged_receipt_passes_only_where_nobody_reads_receipts(sidecar, service, send, passes):
    port = await sidecar(service, mode="off", receipt={"send": send})
    await (await Wire.open(port)).ask(post(UPLOAD, fields=FORGED))
    assert (b"Receipt" in service.requests[0].head) is passes


async def test_a_key_file_that_cannot_be_read_is_an_error_of_the_configuration(start, service, tmp_path):
    from sidecar.policy.loading.problem import ConfigError  # noqa: PLC0415

    with pytest.raises(ConfigError, match=r"receipt\.key_file"):
        await start(service, receipt={"send": "on", "key_file": str(tmp_path / "none")})


async def test_the_receipt_is_signed_with_the_key_in_the_file(sidecar, service, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"0123456789abcdef\n")
    port = await sidecar(service, receipt={"send": "on", "key_file": str(key)})
    async with asyncio.timeout(10):
        await (await Wire.open(port)).ask(post(UPLOAD))
    assert len(service.requests[0].values("upload-receipt-signature")[0]) == 64
