"""A page of elsewhere whose name was made to lead to loopback reads nothing here; everybody else goes on reading."""

import asyncio

import pytest

from sidecar.admin.server import AdminServer
from tests.admin.conftest import own_address

REBOUND = [
    "evil.example",
    "evil.example:9090",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "evil.example.",
    "x@y",
    "a:b",
]
HONEST = [
    "localhost",
    "localhost:9090",
    "127.0.0.1:9090",
    "[::1]:9090",
    "10.1.2.3:9090",
    "[fd00::7]:9090",
    "[::ffff:10.1.2.3]",
    "shop",
    "shop:9090",
    "shop.localhost",
    "shop.default.svc:9090",
    "shop.default.svc.cluster.local",
]


@pytest.mark.parametrize("path", ["/", "/config", "/?still"])
@pytest.mark.parametrize("host", REBOUND)
async def test_a_page_that_was_rebound_to_loopback_is_shown_nothing(admin, path, host):
    answer = await admin.get(path, headers={"Host": host})
    assert answer.status == 403
    assert host not in await answer.text()


@pytest.mark.parametrize("path", ["/", "/config"])
@pytest.mark.parametrize("host", HONEST)
async def test_names_that_no_stranger_can_have_are_answered(admin, path, host):
    assert (await admin.get(path, headers={"Host": host})).status == 200


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz"])
@pytest.mark.parametrize("host", REBOUND[:3])
async def test_probes_and_prometheus_ask_by_any_name(admin, path, host):
    """Meshes bring what they take from elsewhere over loopback, and leave the name that was asked."""
    assert (await admin.get(path, headers={"Host": host})).status == 200


async def get(reader, writer, path, fields=b""):
    writer.write(b"GET %b HTTP/1.1\r\nConnection: close\r\n%b\r\n" % (path.encode(), fields))
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ")[1])


async def test_who_comes_from_elsewhere_or_over_a_file_asks_by_any_name(state, tmp_path):
    """A name proves something on loopback only; whoever reaches the port from elsewhere could ask by a right one."""
    server = AdminServer(state)
    await server.start(f"unix://{tmp_path}/admin.sock")
    pair = await asyncio.open_unix_connection(f"{tmp_path}/admin.sock")
    assert await get(*pair, "/config", b"Host: ops.example.com\r\n") == 200
    await server.close()
    source = own_address()
    if source is None:
        pytest.skip("this machine has no address but loopback")
    server = AdminServer(state)
    port = int((await server.start("0.0.0.0:0")).rpartition(":")[2])
    pair = await asyncio.open_connection(source, port)
    assert await get(*pair, "/config", b"Host: ops.example.com\r\n") == 200
    await server.close()


async def test_a_client_without_a_name_is_no_browser(state):
    server = AdminServer(state)
    port = int((await server.start("127.0.0.1:0")).rpartition(":")[2])
    pair = await asyncio.open_connection("127.0.0.1", port)
    assert await get(*pair, "/config", b"Host:\r\n") == 200
    await server.close()
