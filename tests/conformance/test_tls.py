"""TLS on both sides: who is trusted, who is not, and certificates that change while traffic goes on."""

import asyncio
import json
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from tests.certificates import Authority
from tests.e2e.process import SidecarProcess
from tests.wire import OK, PATIENCE, Service, Wire, read_message

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def trusting(authority, client=None):
    context = ssl.create_default_context(cafile=authority.path)
    if client:
        context.load_cert_chain(client["certificate"], client["key"])
    return context


async def secure_wire(port, context, name="sidecar.test"):
    wire = Wire(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name))
    Wire.opened.append(wire)
    return wire


async def is_answered(port, context):
    """Whether a client gets an answer; with TLS 1.3 it learns of a refusal only when it reads."""
    try:
        return await (await secure_wire(port, context)).ask(GET) is not None
    except (ssl.SSLError, ConnectionError):
        return False


def serial(wire):
    return wire.writer.get_extra_info("peercert")["serialNumber"]


async def test_clients_speak_tls_with_the_certificate_of_the_files(sidecar, service, authority):
    port = await sidecar(service, tls=authority.write("sidecar.test"))
    wire = await secure_wire(port, trusting(authority))
    for _ in range(3):
        assert (await wire.ask(GET)).body == b"ok"
    body = bytes(range(256)) * 8000
    await wire.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert (await wire.read()).status == 200
    assert service.requests[-1].body == body


async def test_who_speaks_no_tls_is_not_answered(sidecar, service, authority):
    wire = await Wire.open(await sidecar(service, tls=authority.write("sidecar.test")))
    await wire.send(GET)
    assert b"HTTP" not in await wire.read_to_end()
    assert service.connections == 0


async def test_clients_that_say_nothing_are_counted_before_their_handshake(start, service, authority):
    instance = await start(service, tls=authority.write("sidecar.test"), overload={"max_connections": 3})
    port = int(instance.address.rpartition(":")[2])
    silent = [await Wire.open(port) for _ in range(20)]
    async with asyncio.timeout(PATIENCE):
        while b'shed_total{reason="too_many_connections"} 17.0' not in instance.metrics.render()[0]:
            await asyncio.sleep(0.005)
    assert (await (await secure_wire(port, trusting(authority))).read()).status == 503
    for wire in silent:
        await wire.close()
    async with asyncio.timeout(PATIENCE):
        while instance._admission.connections:
            await asyncio.sleep(0.005)
    assert await is_answered(port, trusting(authority))


async def test_a_client_needs_a_certificate_where_an_authority_is_named(sidecar, service, authority, tmp_path):
    settings = {**authority.write("sidecar.test"), "client_ca": authority.path}
    port = await sidecar(service, tls=settings)
    known = authority.write("client.test", to="client")
    assert await is_answered(port, trusting(authority, known))
    strange = Authority(tmp_path, "other").write("client.test", to="stranger")
    assert not await is_answered(port, trusting(authority))
    assert not await is_answered(port, trusting(authority, strange))


async def test_a_withdrawn_authority_of_clients_is_out_at_once(sidecar, service, authority, tmp_path, looking_always):
    clients = Authority(tmp_path, "clients")
    port = await sidecar(service, tls={**authority.write("sidecar.test"), "client_ca": clients.path})
    context = trusting(authority, clients.write("client.test", to="client"))
    assert await is_answered(port, context)
    Authority(tmp_path, "clients")  # another one, in the same file
    assert not await is_answered(port, context)


@pytest.fixture
def looking_always(monkeypatch):
    """The files are looked at with every handshake instead of once in a second."""
    monkeypatch.setattr("sidecar.proxy.sockets.tls._LOOK_SECONDS", 0.0)


async def test_a_renewed_certificate_is_used_and_no_request_fails(sidecar, service, authority, looking_always):
    port = await sidecar(service, tls=authority.write("sidecar.test"))
    context, done, seen = trusting(authority), asyncio.Event(), set()

    async def ask_always():
        kept = await secure_wire(port, context)
        while not done.is_set():
            assert (await kept.ask(GET)).status == 200
            fresh = await secure_wire(port, context)
            seen.add(serial(fresh))
            assert (await fresh.ask(GET)).status == 200
            await fresh.close()

    askers = [asyncio.ensure_future(ask_always()) for _ in range(4)]
    for _ in range(5):
        before = len(seen)
        authority.write("sidecar.test")
        async with asyncio.timeout(PATIENCE):
            while len(seen) == before:
                await asyncio.sleep(0.01)
    done.set()
    await asyncio.gather(*askers)
    assert len(seen) >= 5


def spoil(authority, files, how):
    certificate, key = (Path(files[name]) for name in ("certificate", "key"))
    match how:
        case "half":
            certificate.write_bytes(Path(authority.write("sidecar.test", to="second")["certificate"]).read_bytes())
        case "none":
            key.unlink()
        case "other":
            certificate.write_text("no certificate")
        case "empty":
            certificate.write_text("")


@pytest.mark.parametrize("broken", ["half", "none", "other", "empty"])
async def test_a_broken_certificate_leaves_the_last_good_one_in_use(
    sidecar, service, authority, looking_always, caplog, broken
):
    files = authority.write("sidecar.test")
    port = await sidecar(service, tls=files)
    context = trusting(authority)
    first = serial(await secure_wire(port, context))
    spoil(authority, files, broken)
    for _ in range(3):
        wire = await secure_wire(port, context)
        assert serial(wire) == first
        assert (await wire.ask(GET)).status == 200
    refusals = [record.message for record in caplog.records if "TLS files refused" in record.message]
    assert len(refusals) == 1
    assert files["certificate"] in refusals[0] or files["key"] in refusals[0]
    authority.write("sidecar.test")
    assert serial(await secure_wire(port, context)) != first


@pytest.mark.parametrize("missing", ["certificate", "key"])
async def test_a_start_without_a_usable_certificate_says_what_is_missing(sidecar, service, authority, missing):
    from sidecar.proxy.downstream.bound import ListenError  # noqa: PLC0415

    files = {**authority.write("sidecar.test"), missing: "/nowhere.pem"}
    with pytest.raises(ListenError, match=r"cannot speak TLS: /nowhere\.pem: No such file"):
        await sidecar(service, tls=files)


async def test_a_websocket_goes_through_tls_on_both_sides(sidecar, authority):
    from websockets.asyncio.server import serve  # noqa: PLC0415

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    files = authority.write("sidecar.test", "service.test")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files["certificate"], files["key"])
    async with serve(echo, "127.0.0.1", 0, ssl=context, max_size=None) as server:
        upstream = Secure(server.sockets[0].getsockname()[1])
        settings = {"ca": authority.path, "server_name": "service.test"}
        port = await sidecar(upstream, tls=files, upstream=settings)
        uri = f"wss://127.0.0.1:{port}/"
        async with connect(uri, ssl=trusting(authority), server_hostname="sidecar.test", max_size=None) as client:
            for message in ("text", bytes(range(256)) * 4096):
                await client.send(message)
                assert await client.recv() == message
        assert client.close_code == 1000


class Secure:
    def __init__(self, port):
        self.url = f"https://127.0.0.1:{port}"


@pytest.fixture
async def secure_service(authority):
    """A service that proves to be service.test."""
    service = Service()
    files = authority.write("service.test", to="service")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files["certificate"], files["key"])
    service._server = await asyncio.start_server(service._serve, "127.0.0.1", 0, ssl=context)
    service.port = service._server.sockets[0].getsockname()[1]
    yield SecureService(service)
    await service.stop()


class SecureService:
    def __init__(self, service):
        self.service = service
        self.url = service.url.replace("http:", "https:")


async def test_a_service_is_trusted_by_its_authority_and_its_name(sidecar, secure_service, authority):
    port = await sidecar(secure_service, upstream={"ca": authority.path, "server_name": "service.test"})
    wire = await Wire.open(port)
    body = bytes(300_000)
    for _ in range(2):
        assert (await wire.ask(GET)).body == b"ok"
        assert (await wire.ask(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body)).status == 200
    assert secure_service.service.requests[-1].body == body


@pytest.mark.parametrize(
    "upstream", [{}, {"server_name": "service.test"}, {"ca": "ours"}, {"ca": "ours", "server_name": "other.test"}]
)
async def test_a_service_that_is_not_trusted_gets_nothing_and_the_client_502(
    sidecar, secure_service, authority, upstream, caplog
):
    upstream = {**upstream, **({"ca": authority.path} if "ca" in upstream else {})}
    wire = await Wire.open(await sidecar(secure_service, upstream=upstream))
    answer = await wire.ask(GET)
    assert answer.status == 502
    assert b'"code": "upstream_untrusted"' in answer.body
    assert b'"retry": "safe"' in answer.body
    assert b"service.test" not in answer.body
    assert secure_service.service.requests == []
    assert [record for record in caplog.records if "cannot connect" in record.message and "verif" in record.message]


async def test_a_service_that_speaks_no_tls_is_a_502(sidecar, service, authority):
    wire = await Wire.open(
        await sidecar(Secure(service.port), upstream={"ca": authority.path, "connect_timeout": "200ms"})
    )
    assert b"upstream_" in (await wire.ask(GET)).body


async def test_an_authority_that_is_no_file_of_certificates_is_told_at_the_start(sidecar, service, tmp_path):
    from sidecar.policy.loading.problem import ConfigError  # noqa: PLC0415

    (tmp_path / "no.pem").write_text("nothing")
    for name in ("no.pem", "absent.pem"):
        with pytest.raises(ConfigError, match=rf"upstream\.ca: .*{name}"):
            await sidecar(Secure(1), upstream={"ca": str(tmp_path / name)})


async def test_a_service_that_says_goodbye_while_idle_is_not_asked_on_that_connection(
    sidecar, secure_service, authority
):
    said = asyncio.Event()

    async def answer_and_leave(reader, writer):
        request = await read_message(reader)
        secure_service.service.note(request)
        writer.write(OK)
        await writer.drain()
        writer.close()  # close_notify, and the end
        said.set()

    secure_service.service.script = answer_and_leave
    port = await sidecar(secure_service, upstream={"ca": authority.path, "server_name": "service.test"})
    wire = await Wire.open(port)
    for _ in range(20):
        said.clear()
        assert (await wire.ask(GET)).status == 200
        await said.wait()


async def test_the_event_loop_of_operators_renews_too(service, authority, tmp_path):
    files = authority.write("sidecar.test")
    settings = {"listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}, "upstream": {"url": service.url}}
    path = tmp_path / "sidecar.yaml"
    path.write_text(json.dumps({**settings, "tls": {**files, "client_ca": authority.path}}))
    process = await SidecarProcess.start(path)
    context = trusting(authority, authority.write("client.test", to="client"))
    try:
        first = await secure_wire(process.port, context)
        assert (await first.ask(GET)).status == 200
        authority.write("sidecar.test")
        async with asyncio.timeout(PATIENCE):
            while serial(wire := await secure_wire(process.port, context)) == serial(first):
                await asyncio.sleep(0.1)
        assert (await wire.ask(GET)).status == 200
        assert not await is_answered(process.port, trusting(authority))
    finally:
        await process.kill()


async def test_a_session_of_a_withdrawn_authority_is_not_resumed(sidecar, service, authority, tmp_path, looking_always):
    clients = Authority(tmp_path, "clients")
    port = await sidecar(service, tls={**authority.write("sidecar.test"), "client_ca": clients.path})
    context = trusting(authority, clients.write("client.test", to="client"))

    def ask(session):
        """The answer, and the session to resume."""
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="sidecar.test", session=session) as secure,
        ):
            secure.sendall(GET)
            return secure.recv(4096), secure.session

    answer, session = await asyncio.to_thread(ask, None)
    assert answer.startswith(b"HTTP/1.1 200")
    Authority(tmp_path, "clients")
    try:
        answer, _ = await asyncio.to_thread(ask, session)
    except (ssl.SSLError, ConnectionError):
        answer = b""
    assert answer == b""


def write_plain(path, url):
    path.write_text(json.dumps({**json.loads(path.read_text()), "upstream": {"url": url}}))


async def test_metrics_tell_when_the_certificates_in_use_expire(start, service, authority, caplog):
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    files = authority.write("sidecar.test", until=until)
    secure = {"url": "https://a.test:1", "ca": authority.path}
    instance = await start(service, tls={**files, "client_ca": authority.path}, upstream=secure)
    told = instance.metrics.totals().certificates
    assert told.keys() == {"tls.certificate", "tls.client_ca", "upstream.ca"}
    assert told["tls.certificate"] == until.timestamp()
    assert [text for text in caplog.messages if text.startswith("tls.certificate expires on")]

    write_plain(instance.live._source, service.url)
    instance.live.reload()
    assert instance.metrics.totals().certificates.keys() == {"tls.certificate", "tls.client_ca"}
