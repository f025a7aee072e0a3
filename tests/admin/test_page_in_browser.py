import asyncio
import shutil
import zlib

import pytest

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--window-size=400,400"),
)
BACKGROUNDS = {"light": (0xF6, 0xF7, 0xF9), "dark": (0x10, 0x15, 0x1B)}


def first_pixel(png):
    """Red, green and blue of the upper left corner: no filter of PNG changes the first pixel."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start])
    row = zlib.decompressobj().decompress(png[start + 4 : start + 4 + length], 4)
    return tuple(row[1:4])


@pytest.mark.parametrize(("scheme", "number"), [("light", 1), ("dark", 0)])
async def test_browser_applies_the_one_style_that_the_policy_lets_in(url, tmp_path, scheme, number):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: apt-get install chromium")
    shot = tmp_path / "page.png"
    options = (f"--user-data-dir={tmp_path}/profile", f"--blink-settings=preferredColorScheme={number}")
    process = await asyncio.create_subprocess_exec(
        chromium, *QUIET, *options, f"--screenshot={shot}", url,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with asyncio.timeout(60):
        await process.wait()
    assert first_pixel(shot.read_bytes()) == BACKGROUNDS[scheme]
