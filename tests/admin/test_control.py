"""Orders on the admin port: only on purpose, only from this machine, and what came of them."""

import asyncio

import pytest
from aiohttp import ClientSession

from sidecar.admin.control import Control
from sidecar.admin.server import AdminServer
from sidecar.policy.settings.model import Mode
from tests.admin.conftest import own_address
from tests.proxy.control.conftest import live_of

MARK = {"Sidecar-Control": "1"}
FOREIGN_HOSTS = (
    *("rebound.example", "127.0.0.1.example", "10.0.0.7:9090", "[::1", "::1", "user@localhost", "localhost#x"),
    *("localhost/", "localhost:abc", "localhost:65536", "localhost:99999999", "localhost:1:2"),
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text("mode: enforce\n")
    return path


@pytest.fixture
def live(file):
    return live_of(file)


@pytest.fixture
async def applied():
    return []


@pytest.fixture
async def port(state, live, applied):
    async def wait():
        applied.append(live.current.mode)

    server = AdminServer(state, control=Control(live, wait))
    yield int((await server.start("127.0.0.1:0")).rpartition(":")[2])
    await server.close()


@pytest.fixture
async def post(port):
    async with ClientSession() as client:

        async def post(path="/-/mode", data="off", method="POST", **headers):
            fields = {**MARK, **{name.replace("_", "-"): value for name, value in headers.items()}}
            url = f"http://127.0.0.1:{port}{path}"
            async with client.request(method, url, data=data, headers=fields) as answer:
                return answer.status, await answer.json()

        yield post


async def test_off_is_in_force_when_the_answer_comes(post, live, applied):
    status, told = await post(data="off\n")
    assert (status, told["mode"], told["source"], told["lowered"]) == (200, "off", "control", True)
    assert live.current.mode is Mode.OFF
    assert applied == [Mode.OFF]
    assert [(rung["source"], rung["says"]) for rung in told["rungs"]] == [("file", "enforce"), ("control", "off")]


async def test_clear_gives_the_mode_back_to_the_configuration(post, live):
    await post(data="monitor")
    assert live.current.mode is Mode.MONITOR
    _, told = await post(data="clear")
    assert (told["mode"], told["source"], told["lowered"]) == ("enforce", "file", False)


async def test_enforce_raises_nothing(post, live, file):
    file.write_text("mode: monitor\n")
    live.poll()
    _, told = await post(data="enforce")
    assert (told["mode"], told["source"]) == ("monitor", "file")


async def test_a_word_can_hold_for_a_time(post, live):
    _, told = await post(data="off 2h")
    assert "until 20" in told["rungs"][1]["note"]
    live.switches._clock = lambda: float("inf")
    live.look()
    assert live.current.mode is Mode.ENFORCE


_NONSENSE = ["", "on", "off now", "off 2h 3h", "{}", '"off"', "off&x=1", "mode=off", "\xff\xfe"]
_NEVER_OR_FOR_EVER = ["off 0s", "off 0", "off 999ms", "off 367d", "monitor 9999999d", "off 999999999999999d"]


@pytest.mark.parametrize("data", [*_NONSENSE, *_NEVER_OR_FOR_EVER])
async def test_anything_else_is_refused_and_changes_nothing(post, live, data):
    status, told = await post(data=data.encode("latin-1"))
    assert status == 400
    assert "clear" in told["error"]
    assert live.current.mode is Mode.ENFORCE
    assert [rung.mode for rung in live.switches.rungs()] == [None]


@pytest.mark.parametrize("data", ["off 30", "off 1.5", "monitor 7200"])
async def test_a_time_without_its_unit_is_asked_for(post, live, data):
    status, told = await post(data=data)
    assert (status, live.current.mode) == (400, Mode.ENFORCE)
    assert "with its unit" in told["error"]


@pytest.mark.parametrize("data", ["off 1s", "off 2 H", "OFF 30d", "off 366d"])
async def test_any_time_up_to_a_year_can_be_said(post, data):
    status, told = await post(data=data)
    assert (status, told["mode"]) == (200, "off")


@pytest.mark.parametrize("path", ["/-/mode", "/-/reload"])
async def test_a_long_body_is_refused(post, path):
    assert (await post(path, data="off " + "x" * 100))[0] == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"Sidecar_Control": None},
        {"Origin": "http://127.0.0.1:9090"},
        {"Origin": "null"},
        {"Referer": "http://example.com/"},
        {"Sec_Fetch_Site": "same-origin"},
        {"X_Forwarded_For": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        *({"Host": host} for host in FOREIGN_HOSTS),
    ],
)
async def test_a_browser_or_a_proxy_cannot_give_orders(port, live, headers):
    fields = {**MARK, **{name.replace("_", "-"): value for name, value in headers.items()}}
    fields = {name: value for name, value in fields.items() if value is not None}
    for path in ("/-/mode", "/-/reload"):
        url = f"http://127.0.0.1:{port}{path}"
        async with ClientSession() as client, client.post(url, data="off", headers=fields) as answer:
            assert answer.status == 403
    assert live.current.mode is Mode.ENFORCE


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "127.0.0.1:65535", "[::1]:9090", "[::1]", "localhost:"])
async def test_every_name_of_loopback_may_be_asked(post, host):
    assert (await post(data="off", Host=host))[0] == 200


async def test_a_form_of_a_browser_cannot_carry_the_mark(port, live):
    """What a form can send: three types, no field of its own."""
    url = f"http://127.0.0.1:{port}/-/mode"
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"):
        async with ClientSession() as client, client.post(url, data=b"off", headers={"Content-Type": kind}) as answer:
            assert answer.status == 403
    async with ClientSession() as client, client.options(url, headers={"Origin": "http://a"}) as answer:
        assert answer.status == 405
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert live.current.mode is Mode.ENFORCE


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_only_post_gives_orders(port, live, method):
    async with (
        ClientSession() as client,
        client.request(method, f"http://127.0.0.1:{port}/-/mode", headers=MARK) as answer,
    ):
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert live.current.mode is Mode.ENFORCE


@pytest.mark.parametrize("source", ["127.0.0.6", "own"])
async def test_who_comes_from_elsewhere_gives_no_orders(state, live, source):
    """127.0.0.6 is from where a mesh brings what came from outside."""
    source = own_address() if source == "own" else source
    if source is None:
        pytest.skip("this machine has no address but loopback")

    async def wait():
        pass

    server = AdminServer(state, control=Control(live, wait))
    host = "0.0.0.0" if source != "127.0.0.6" else "127.0.0.1"
    port = int((await server.start(f"{host}:0")).rpartition(":")[2])
    target = "127.0.0.1" if source == "127.0.0.6" else source
    reader, writer = await asyncio.open_connection(target, port, local_addr=(source, 0))
    order = b"POST /-/mode HTTP/1.1\r\nHost: 127.0.0.1\r\nSidecar-Control: 1\r\nContent-Length: 3\r\n\r\noff"
    writer.write(order)
    assert b" 403 " in await reader.readline()
    writer.close()
    await server.close()
    assert live.current.mode is Mode.ENFORCE


async def test_a_socket_in_the_file_system_gives_orders(state, live, tmp_path):
    async def wait():
        pass

    server = AdminServer(state, control=Control(live, wait))
    path = tmp_path / "admin.sock"
    await server.start(f"unix://{path}")
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"POST /-/mode HTTP/1.1\r\nHost: localhost\r\nSidecar-Control: 1\r\nContent-Length: 3\r\n\r\noff")
    assert b" 200 " in await reader.readline()
    writer.close()
    await server.close()
    assert live.current.mode is Mode.OFF


async def test_a_reload_answers_what_changed(post, live, file, applied):
    file.write_text("mode: monitor\npolicies: {default: {max_file: 1MiB}}\nlisten: 127.0.0.1:1\n")
    status, told = await post("/-/reload", data="")
    assert (status, told["result"], told["mode"]) == (200, "reloaded", "monitor")
    assert told["changed"] == ["mode: enforce -> monitor", "policies.default.max_file: 33554432 -> 1048576"]
    assert told["needs_restart"] == ["listen"]
    assert told["sha256"] == live.current.sha256
    assert applied == [Mode.MONITOR]


async def test_a_reload_answers_what_the_next_start_would_fail_of(post, file):
    file.write_text("mode: monitor\nspool: {directory: /nowhere}\n")
    status, told = await post("/-/reload", data="")
    assert (status, told["result"], told["needs_restart"]) == (200, "reloaded", ["spool"])
    assert [(each["path"], each["actual"]) for each in told["problems"]] == [("spool.directory", "/nowhere")]


async def test_a_reload_of_the_same_says_so(post):
    _, told = await post("/-/reload", data="")
    assert (told["result"], told["changed"], told["problems"]) == ("unchanged", [], [])


async def test_a_reload_of_a_broken_file_answers_all_problems_every_time(post, live, file):
    file.write_text("mode: of\nadmin: {listen: nowhere}\n")
    for _ in range(2):
        status, told = await post("/-/reload", data="")
        assert (status, told["result"], told["mode"]) == (422, "refused", "enforce")
        assert [(each["path"], each["line"]) for each in told["problems"]] == [("mode", 1), ("admin.listen", 2)]
    assert live.current.mode is Mode.ENFORCE


async def test_a_reload_of_a_missing_file_says_so(post, file):
    file.unlink()
    status, told = await post("/-/reload", data="")
    assert (status, told["result"]) == (422, "refused")
    assert "No such file" in told["problems"][0]["message"]
