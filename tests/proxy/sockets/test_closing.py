"""Half a connection is closed where there is somebody to hear it."""

import asyncio
import socket
import struct

import pytest

from sidecar.proxy.sockets.closing import half_close


@pytest.mark.parametrize("gone", [False, True])
async def test_a_peer_that_has_reset_unheard_is_told_nothing(gone):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.create_connection(listening.getsockname())
        ours, _ = await asyncio.get_running_loop().connect_accepted_socket(asyncio.Protocol, listening.accept()[0])
    ours.pause_reading()
    if gone:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        theirs.close()
    assert half_close(ours) is not gone
    ours.abort()
    theirs.close()
