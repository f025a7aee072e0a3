"""Honest uploads of real clients arrive with every name, type and byte intact."""

import asyncio
import base64
import hashlib
import json
import shutil
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

import aiohttp
import httpx
import pytest
import requests
from werkzeug.formparser import parse_form_data

from tests.wire import OK, Service, png, read_message

CONTENT = {
    "photo.png": png(bytes(range(256)) * 40),
    "naïve résumé 日本.txt": "grüße aus Köln\r\n--boundary\r\n".encode() * 20,
    'quote"d and (brackets); semi.txt': b"text",
    "100% sure.csv": b"a,b\n1,2\n",
    "apostrophe's.json": b'{"a": 1}',
    "big.dat": hashlib.sha512(b"seed").digest() * 40_000,
    "empty.txt": b"",
}
FIELDS = {"title": "Über uns", "note": "line one\r\nline two", "empty": "", "curious name[0]": "x & y = z"}


@dataclass(frozen=True)
class Received:
    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]]


def read_form(request) -> Received:
    """What Werkzeug makes of the request that the service got."""
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": request.values("content-type")[0].decode(),
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.input": BytesIO(request.body),
    }
    _, fields, files = parse_form_data(environ, silent=False)
    found = {file.filename: (file.mimetype, file.read()) for _, file in files.items(multi=True)}
    for file in [file for group in files.listvalues() for file in group]:
        file.close()
    return Received(dict(fields), found)


async def accepted(service: Service, *, unescape=lambda name: name) -> Received:
    request = await service.next_request()
    assert request.complete
    received = read_form(request)
    return Received(received.fields, {unescape(name): value for name, value in received.files.items()})


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}/upload"


def without_escapes(name: str) -> str:
    """WHATWG clients write a quote as %22."""
    return name.replace("%22", '"')


def assert_all_arrived(received: Received) -> None:
    assert {name: data for name, (_, data) in received.files.items()} == CONTENT
    assert received.fields == FIELDS


@pytest.fixture
def paths(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for name, data in CONTENT.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in CONTENT]


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return out.decode()


async def test_requests(sidecar, service):
    port = await sidecar(service)
    files = [("files", (name, data)) for name, data in CONTENT.items()]
    answer = await asyncio.to_thread(requests.post, url(port), files=files, data=FIELDS, timeout=20)
    assert answer.status_code == 200, answer.text
    assert_all_arrived(await accepted(service, unescape=without_escapes))


async def test_httpx(sidecar, service):
    port = await sidecar(service)
    files = [("files", (name, data)) for name, data in CONTENT.items()]
    async with httpx.AsyncClient() as client:
        answer = await client.post(url(port), files=files, data=FIELDS)
    assert answer.status_code == 200, answer.text
    assert_all_arrived(await accepted(service, unescape=without_escapes))


def without_backslashes(name: str) -> str:
    return name.replace("\\", "")


@pytest.mark.parametrize(
    ("quote_fields", "unescape"), [(False, lambda name: without_escapes(without_backslashes(name))), (True, unquote)]
)
async def test_aiohttp(sidecar, service, quote_fields, unescape):
    port = await sidecar(service)
    form = aiohttp.FormData(quote_fields=quote_fields)
    form.add_field("title", FIELDS["title"])
    for name, data in CONTENT.items():
        form.add_field("files", BytesIO(data), filename=name)
    async with aiohttp.ClientSession() as session, session.post(url(port), data=form) as answer:
        assert answer.status == 200, await answer.text()
    received = await accepted(service, unescape=unescape)
    assert {name: data for name, (_, data) in received.files.items()} == CONTENT
    assert received.fields == {"title": FIELDS["title"]}


async def test_curl(sidecar, service, paths):
    port = await sidecar(service)
    command = ["curl", "--silent", "--show-error", "--fail-with-body", url(port)]
    for name, value in FIELDS.items():
        command += ["--form-string", f"{name}={value}"]
    for path in paths:
        quoted = str(path).replace('"', '\\"')
        command += ["--form", f'files=@"{quoted}"']
    await run(*command)
    assert_all_arrived(await accepted(service, unescape=without_escapes))


@pytest.mark.parametrize(
    "extra", [("-H", "Expect: 100-continue"), ("-H", "Transfer-Encoding: chunked"), ("--http1.0",)]
)
async def test_curl_in_every_framing(sidecar, service, paths, extra):
    port = await sidecar(service)
    await run("curl", "--silent", "--show-error", "--fail-with-body", *extra, "--form", f"f=@{paths[0]}", url(port))
    received = await accepted(service)
    assert received.files == {"photo.png": ("image/png", CONTENT["photo.png"])}


NODE = """
const [url, fields, files] = JSON.parse(process.argv[1]);
const form = new FormData();
for (const [name, value] of Object.entries(fields)) form.append(name, value);
for (const [name, data] of Object.entries(files)) form.append("files", new File([Buffer.from(data, "base64")], name));
const answer = await fetch(url, {method: "POST", body: form});
if (answer.status !== 200) { console.error(await answer.text()); process.exit(1); }
"""


def base64_content() -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in CONTENT.items() if len(data) < 100_000}


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
async def test_fetch_of_node(sidecar, service):
    port = await sidecar(service)
    await run("node", "--input-type=module", "-e", NODE, json.dumps([url(port), FIELDS, base64_content()]))
    received = await accepted(service, unescape=without_escapes)
    assert {name: data for name, (_, data) in received.files.items()} == {
        name: data for name, data in CONTENT.items() if len(data) < 100_000
    }
    assert received.fields == FIELDS


PAGE = """<!doctype html><meta charset="utf-8">
<form method="post" enctype="multipart/form-data" action="/upload"></form>
<script type="module">
const [fields, files] = DATA;
const decode = text => Uint8Array.from(atob(text), char => char.charCodeAt(0));
const all = Object.entries(files).map(([name, data]) => new File([decode(data)], name, {type: ""}));
if (location.hash === "#fetch") {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of all) form.append("files", file);
  await fetch("/upload", {method: "POST", body: form});
} else {
  const form = document.forms[0];
  for (const [name, value] of Object.entries(fields)) {
    const area = document.createElement("textarea");
    area.name = name; area.value = value; form.append(area);
  }
  const input = document.createElement("input");
  input.type = "file"; input.name = "files"; input.multiple = true;
  const transfer = new DataTransfer();
  for (const file of all) transfer.items.add(file);
  input.files = transfer.files; form.append(input); form.submit();
}
</script>"""

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize("way", ["form", "fetch"])
async def test_chromium(sidecar, service, tmp_path, way):
    page = PAGE.replace("DATA", json.dumps([FIELDS, base64_content()])).encode()
    uploads = asyncio.Queue()

    async def serve(reader, writer):
        while request := await read_message(reader):
            if request.start.startswith(b"POST /upload"):
                service.note(request)
                uploads.put_nowait(request)
            html = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(page), page)
            writer.write(html if b" /page" in request.start else OK)
            await writer.drain()

    service.script = serve
    port = await sidecar(service)
    process = await asyncio.create_subprocess_exec(
        CHROMIUM, *QUIET, f"--user-data-dir={tmp_path}/profile", "--remote-debugging-port=0",
        f"http://127.0.0.1:{port}/page#{way}",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(60):
            await uploads.get()
    finally:
        process.kill()
        await process.wait()
    received = await accepted(service, unescape=without_escapes)
    assert {name: data for name, (_, data) in received.files.items()} == {
        name: data for name, data in CONTENT.items() if len(data) < 100_000
    }
    assert received.fields == FIELDS
