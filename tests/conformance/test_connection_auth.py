"""A service that authenticates connections: whoever authenticated one is the only one that it speaks for."""

import asyncio

import pytest

from tests.wire import OK, PNG, Wire, form, post, read_message

CHALLENGE = b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM%s\r\nContent-Length: 0\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
UPLOAD = post(form(("f", "a.png", "image/png", PNG)))


def get(fields=b""):
    return b"GET / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n"


def having(fields, request=UPLOAD):
    line, _, rest = request.partition(b"\r\n")
    return line + b"\r\n" + fields + rest


async def bind(reader, writer):
    """As NTLM does: the user is the connection's, from the last message of the handshake on."""
    user, asked = None, False
    while request := await read_message(reader):
        told = b"".join(request.values("authorization"))
        if told == b"NTLM first":
            asked = True
            writer.write(CHALLENGE % b" challenge")
            continue
        if told.startswith(b"NTLM last ") and asked:
            user = told.removeprefix(b"NTLM last ")
        writer.write(CHALLENGE % b"" if user is None else HELLO % (len(user), user))
    writer.close()


@pytest.fixture
def binding(service):
    service.script = bind
    return service


async def authenticated(port, name=b"alice"):
    wire = await Wire.open(port)
    assert (await wire.ask(get())).status == 401
    assert (await wire.ask(get(b"Authorization: NTLM first\r\n"))).values("www-authenticate") == [b"NTLM challenge"]
    assert (await wire.ask(get(b"Authorization: NTLM last " + name + b"\r\n"))).body == name
    return wire


@pytest.mark.parametrize("mode", ["off", "monitor", "enforce"])
async def test_nobody_speaks_for_another(sidecar, binding, mode):
    port = await sidecar(binding, mode=mode)
    wire = await authenticated(port)
    for request in (get(), UPLOAD):
        stranger = await Wire.open(port)
        assert (await stranger.ask(request)).status == 401
    assert (await wire.ask(get())).body == b"alice"


@pytest.mark.parametrize("settings", [{}, {"reuse": "reads"}])
async def test_a_client_keeps_what_it_authenticated_for_whatever_it_sends(sidecar, binding, settings):
    port = await sidecar(binding, upstream=settings)
    alice, bob = await authenticated(port), await authenticated(port, b"bob")
    for request in (get(), UPLOAD, get(), UPLOAD):
        assert (await alice.ask(request)).body == b"alice"
        assert (await bob.ask(request)).body == b"bob"
    assert binding.connections == 2


async def test_a_handshake_of_uploads_goes_through(sidecar, binding):
    wire = await Wire.open(await sidecar(binding))
    assert (await wire.ask(UPLOAD)).status == 401
    assert (await wire.ask(having(b"Authorization: NTLM first\r\n"))).status == 401
    assert (await wire.ask(having(b"Authorization: NTLM last alice\r\n"))).body == b"alice"


async def test_a_connection_ends_with_that_of_its_client(sidecar, service):
    ended = asyncio.Event()

    async def until_it_ends(reader, writer):
        await bind(reader, writer)
        ended.set()

    service.script = until_it_ends
    wire = await authenticated(await sidecar(service))
    assert not ended.is_set()
    await wire.close()
    async with asyncio.timeout(10):
        await ended.wait()


async def test_a_reload_ends_it(start, binding):
    instance = await start(binding)
    wire = await authenticated(int(instance.address.rpartition(":")[2]))
    instance.live.current.service.close()
    assert (await wire.ask(get())).status == 401


async def test_without_retries_no_connection_is_used_twice(sidecar, binding):
    wire = await Wire.open(await sidecar(binding, upstream={"retries": 0}))
    for _ in range(3):
        assert (await wire.ask(get())).status == 401
    assert binding.connections == 3


async def test_one_that_the_service_closes_is_replaced(sidecar, service):
    async def once(reader, writer):
        await read_message(reader)
        writer.write(CHALLENGE % b"")
        writer.close()

    service.script = once
    wire = await Wire.open(await sidecar(service))
    for turn in range(1, 5):
        assert (await wire.ask(get())).status == 401
        assert service.connections == turn


async def test_credentials_of_a_request_leave_connections_shared(sidecar, service):
    service.answer = OK.replace(b"\r\n\r\n", b'\r\nWWW-Authenticate: Basic realm="NTLM"\r\n\r\n')
    port = await sidecar(service)
    for _ in range(3):
        wire = await Wire.open(port)
        assert (await wire.ask(get(b"Authorization: Basic TlRMTVNTUAAB\r\n"))).body == b"ok"
    assert service.connections == 1
