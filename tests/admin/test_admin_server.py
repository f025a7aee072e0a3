import pytest
from aiohttp import ClientSession

from sidecar.admin.server import AdminServer
from sidecar.proxy.downstream.bound import ListenError


@pytest.fixture
async def listening(state):
    server = AdminServer(state)
    yield server, await server.start("127.0.0.1:0")
    await server.close()


async def test_port_of_its_own_is_told_and_answers(listening):
    _, address = listening
    assert not address.endswith(":0")
    async with ClientSession() as session, session.get(f"http://{address}/healthz") as answer:
        assert answer.status == 200


async def test_port_in_use_is_named(listening, state):
    _, address = listening
    second = AdminServer(state)
    with pytest.raises(ListenError, match=f"cannot listen on {address}"):
        await second.start(address)
    await second.close()


async def test_after_the_close_nobody_listens(state):
    server = AdminServer(state)
    address = await server.start("127.0.0.1:0")
    await server.close()
    again = AdminServer(state)
    assert await again.start(address) == address
    await again.close()


async def test_socket_file_is_an_address_too(state, tmp_path):
    server = AdminServer(state)
    await server.start(f"unix://{tmp_path}/admin.sock")
    assert (tmp_path / "admin.sock").is_socket()
    await server.close()
