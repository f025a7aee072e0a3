import gc

import pytest

from tests.wire import PNG, Wire, form, post

UPLOAD = post(form(("text", None, None, b"hello"), ("file", "a.png", "image/png", PNG)))
REFUSED = post(form(("file", "a.php", "image/png", PNG)))
GET = b"GET / HTTP/1.1\r\nHost: service.test\r\n\r\n"
ON_THE_LOOP = dict.fromkeys(("image_metadata", "image_size", "image_structure", "image_delegates", "polyglot"), "off")


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def exchanges_left() -> list[object]:
    """What of ended exchanges only the garbage collector would find."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    return [found for found in gc.garbage if type(found).__module__.startswith("sidecar.")]


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("request_bytes", [GET, UPLOAD, REFUSED], ids=["read", "upload", "refused"])
@pytest.mark.parametrize(
    "settings", [{}, {"mode": "off"}, {"upstream": {"reuse": "all"}}], ids=["hold", "off", "reuse"]
)
async def test_exchange_that_ended_leaves_nothing_for_the_garbage_collector(sidecar, service, request_bytes, settings):
    """The collector would run some hundred times a second, for a tenth of what an upload costs."""
    wire = await Wire.open(await sidecar(service, policies={"default": {"checks": ON_THE_LOOP}}, **settings))
    await wire.ask(request_bytes)
    gc.collect()
    for _ in range(3):
        assert (await wire.ask(request_bytes)).complete
    await wire.close()
    assert exchanges_left() == []
