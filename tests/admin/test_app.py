import asyncio
import shutil

import pytest

from sidecar.admin.app import AdminApp
from sidecar.telemetry.outcome import Outcome
from tests.admin.conftest import NOW

PATHS = ("/", "/config", "/healthz", "/metrics", "/readyz")


async def test_alive_asks_nothing(admin, state):
    state.reasons.append("the service is down")
    state.current = None
    answer = await admin.get("/healthz")
    assert (answer.status, await answer.json()) == (200, {"status": "alive"})


async def test_ready_says_so(admin):
    answer = await admin.get("/readyz")
    assert (answer.status, await answer.json()) == (200, {"status": "ready", "reasons": []})


async def test_not_ready_says_why(admin, state):
    state.reasons.append("draining: 2 exchanges are under way")
    answer = await admin.get("/readyz")
    assert answer.status == 503
    assert await answer.json() == {"status": "not ready", "reasons": ["draining: 2 exchanges are under way"]}


async def test_metrics_are_what_prometheus_reads(admin):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing: apt-get install prometheus")
    answer = await admin.get("/metrics")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        promtool, "check", "metrics", stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.STDOUT
    )
    complaints, _ = await process.communicate(await answer.read())
    assert (process.returncode, complaints) == (0, b"")


async def test_configuration_in_force_comes_with_its_digest(admin):
    told = await (await admin.get("/config")).json()
    assert told["sha256"] == "ab" * 32
    assert told["config"]["mode"] == "enforce"
    assert told["config"]["routes"][0]["path"] == "/api/avatars"


@pytest.mark.parametrize("path", ["/nothing", "/metrics/", "/<script>", "/metrics%2f", "/healthz%00"])
async def test_unknown_path_is_explained_without_an_echo(admin, path):
    answer = await admin.get(path)
    assert (answer.status, answer.content_type) == (404, "application/json")
    assert await answer.json() == {"status": 404, "error": "there is nothing at this path", "paths": list(PATHS)}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_nothing_can_be_changed(admin, path, method):
    answer = await admin.request(method, path)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert (await answer.json())["methods"] == ["GET", "HEAD"]


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_answered_without_a_body(admin, path):
    answer = await admin.head(path)
    assert (answer.status, await answer.read()) == (200, b"")


@pytest.mark.parametrize("path", [*PATHS, "/nothing"])
async def test_every_answer_is_harmless_in_a_browser(admin, path):
    fields = (await admin.get(path)).headers
    policy = fields["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (fields["X-Content-Type-Options"], fields["Cache-Control"]) == ("nosniff", "no-store")
    assert fields["Server"] == "upload-sidecar"


async def test_failure_is_an_answer_that_tells_no_internals(admin, state, caplog):
    state.current = None
    answer = await admin.get("/")
    assert (answer.status, answer.content_type) == (500, "application/json")
    assert await answer.json() == {"status": 500, "error": "the admin port failed; the log tells why"}
    assert "AttributeError" in caplog.text


async def test_page_is_sent_as_html(admin):
    answer = await admin.get("/")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "first roll-out" in await answer.text()


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /<script>\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"EVIL<script> / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"<script>" * 2000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01<script>\r\n\r\n",
    ],
)
async def test_what_is_no_request_is_answered_without_an_echo(url, raw):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rstrip("/").rpartition(":")[2]))
    writer.write(raw)
    async with asyncio.timeout(10):
        told = await reader.read()
    writer.close()
    assert told.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert told.endswith(b'{"status": 400, "error": "this is not an HTTP request"}')
    assert b"default-src 'none'" in told
    assert b"script>" not in told


async def test_every_minute_is_noted_though_nobody_looks(state):
    """Two looks at the turn of a minute, the first of which fails."""
    now, looks = [NOW + 59.99], asyncio.Queue()
    port = AdminApp(state, lambda: now[0])

    async def refresh():
        looks.put_nowait(now[0])
        if looks.qsize() == 1:
            raise OSError

    state.refresh = refresh
    watch = asyncio.create_task(port.watch())
    async with asyncio.timeout(10):
        while looks.qsize() < 3:
            await asyncio.sleep(0.01)
    watch.cancel()
    assert port._hour._noted == NOW + 59.99


async def test_uploads_stand_in_the_minute_in_which_they_came(admin, state):
    state.metrics.observe(Outcome("r", "avatars", "POST", "enforce", upload=True, verdict="bad", action="rejected"))
    text = await (await admin.get("/")).text()
    assert "08:00 UTC: 0 let through, 0 would be refused, 1 refused, 0 broken off" in text
    assert "08:00 UTC: 0 would be refused, 1 refused" in text


@pytest.mark.parametrize(("path", "renews"), [("/", True), ("/?still", False), ("/?still=1", True), ("/?x", True)])
async def test_page_is_held_still_only_where_that_is_asked(admin, path, renews):
    assert ('http-equiv="refresh"' in await (await admin.get(path)).text()) is renews


async def test_still_is_a_word_for_the_page_alone(admin):
    assert (await (await admin.get("/healthz?still")).json()) == {"status": "alive"}
