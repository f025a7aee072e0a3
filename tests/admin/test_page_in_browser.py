"""The page of a real sidecar in a real browser: its style applies, and hostile names do nothing."""

import asyncio
import re
import shutil
import zlib
from collections import Counter

import pytest

from tests.wire import PNG, Wire, form, post

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
BACKGROUNDS = {"light": (0xF6, 0xF7, 0xF9), "dark": (0x10, 0x15, 0x1B)}
BARS = {"light": (0xD3, 0x3A, 0x3A), "dark": (0xF0, 0x6A, 0x6A)}
NAMES = ("<img src=x onerror=document.title=1><script>.php", "invoice\u202egnp.exe", "x" * 3000 + ".php")


async def start_browser(tmp_path, *options):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    return await asyncio.create_subprocess_exec(
        chromium, *QUIET, f"--user-data-dir={tmp_path}/profile", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


async def browse(tmp_path, *options):
    """What chromium writes to standard output."""
    process = await start_browser(tmp_path, *options)
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return out.decode()


def pixels(png):
    """Rows of (red, green, blue): PNG of 8 bits in 3 or 4 channels, as chromium writes it."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, channels = int.from_bytes(png[16:20]), int.from_bytes(png[20:24]), {2: 3, 6: 4}[png[25]]
    packed, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        packed += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += length + 12
    raw, line = zlib.decompress(packed), width * channels
    above = bytes(line)
    for row in range(height):
        start = row * (line + 1)
        above = unfiltered(raw[start], raw[start + 1 : start + 1 + line], above, channels)
        yield [tuple(above[at : at + 3]) for at in range(0, line, channels)]


def unfiltered(kind, line, above, step):
    """One line of a PNG without its filter (PNG, section 9)."""
    out = bytearray(line)
    for index in range(len(out)):
        left = out[index - step] if index >= step else 0
        corner = above[index - step] if index >= step else 0
        up = above[index]
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda each: abs(guess - each))
        out[index] = (out[index] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(out)


@pytest.fixture
async def page(service, start):
    """A sidecar that has refused some hostile names; the address of its page."""
    instance = await start(service, log={"names": "plain"})
    port = int(instance.address.rpartition(":")[2])
    for name in NAMES:
        wire = await Wire.open(port)
        assert (await wire.ask(post(form(("a", name, "image/png", PNG))))).status == 422
    return f"http://{instance.operators.admin_address}/?still"


@pytest.mark.parametrize(("scheme", "number"), [("light", 1), ("dark", 0)])
async def test_browser_shows_background_and_bars_in_the_colours_of_the_one_style(page, tmp_path, scheme, number):
    shot = tmp_path / "page.png"
    colours = f"--blink-settings=preferredColorScheme={number}"
    await browse(tmp_path, colours, "--window-size=390,500", f"--screenshot={shot}", page)
    seen = Counter(pixel for row in pixels(shot.read_bytes()) for pixel in row)
    assert seen.most_common(1)[0][0] != BACKGROUNDS[scheme]  # cards cover most of it
    assert seen[BACKGROUNDS[scheme]] > 1000
    assert seen[BARS[scheme]] > 50


async def test_hostile_names_do_nothing_in_the_browser_and_can_be_seen(page, tmp_path):
    dom = await browse(tmp_path, "--window-size=390,800", "--dump-dom", page)
    assert "<title>upload-sidecar: enforce</title>" in dom
    assert "<script" not in dom
    assert "<img" not in dom
    assert "&lt;img src=x onerror=document.title=1&gt;&lt;script&gt;.php" in dom
    assert 'invoice<b class="code-point">U+202E</b>gnp.exe' in dom
    assert "\u202e" not in dom
    assert len(re.findall('<b class="code-point">cut</b>', dom)) >= 1
    assert "x" * 201 not in dom


async def test_browser_asks_for_the_page_anew_by_itself(url, state, tmp_path):
    """Chromium's clock runs ahead of ours, so that nobody waits for a minute."""
    looks = asyncio.Queue()

    async def refresh():
        looks.put_nowait(1)

    state.refresh = refresh
    process = await start_browser(tmp_path, "--virtual-time-budget=600000", "--dump-dom", url)
    try:
        async with asyncio.timeout(30):
            for _ in ("the watch over the last hour", "the page", "the page once more"):
                await looks.get()
    finally:
        process.kill()
        await process.communicate()
