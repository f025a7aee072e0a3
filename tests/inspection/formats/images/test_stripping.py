"""A stripped image has the same pixels, colours and orientation, and nothing else of what it told."""

import contextlib
import io
import random

import pytest
from PIL import Image, ImageOps

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.images.pictures import anatomy_of
from sidecar.inspection.formats.images.stripping import orientation, stripped
from tests.corpus.files import image_samples as i

SECRET = b"a secret place"
TOLD = {"exif": i.exif(6, SECRET), "xmp": i.XMP % SECRET, "icc_profile": i.profile()}
PNG_TOLD = {key: TOLD[key] for key in ("exif", "icc_profile")}
IMAGES = {
    **{f"jpeg-{mode}": i.encoded("JPEG", mode, **TOLD) for mode in ("L", "RGB", "CMYK")},
    "jpeg-progressive": i.encoded("JPEG", size=(300, 200), progressive=True, comment=SECRET, **TOLD),
    "jpeg-phone": i.multi_picture(i.encoded("JPEG", **TOLD)) + i.film(SECRET),
    "jpeg-iptc": i.jpeg_with(0xED, b"Photoshop 3.0\0" + SECRET),
    **{f"png-{mode}": i.encoded("PNG", mode, **PNG_TOLD) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")},
    "png-text": i.png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + i.XMP % SECRET) + SECRET,
    "png-own": i.png_with(b"myPd", SECRET),
    "png-animated": i.animated("PNG", exif=TOLD["exif"]),
    **{f"webp-{mode}": i.encoded("WEBP", mode, **TOLD) for mode in ("RGB", "RGBA")},
    "webp-lossless": i.encoded("WEBP", lossless=True, **TOLD),
    "webp-animated": i.animated("WEBP", **TOLD),
    "webp-plain": i.encoded("WEBP"),
    "gif": i.encoded("GIF", comment=SECRET),
    "gif-animated": i.animated("GIF", comment=SECRET, loop=3, duration=40),
    "gif-xmp": i.encoded("GIF", "P", xmp=i.XMP % SECRET),
}


def made(data):
    rewrite = stripped(data)
    assert rewrite.fits(len(data))
    return b"".join(piece if isinstance(piece, bytes) else data[slice(*piece)] for piece in rewrite.pieces)


def opened(data):
    return Image.open(io.BytesIO(data))


def frames(data):
    image = opened(data)
    found = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append((image.mode, image.size, image.tobytes(), image.info.get("duration")))
    return found


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_pixels_colours_and_orientation_stay(data):
    after = made(data)
    first = frames(data)[:1] if data is IMAGES["jpeg-phone"] else frames(data)
    assert frames(after) == first
    assert opened(after).info.get("icc_profile") == opened(data).info.get("icc_profile")
    assert opened(after).getexif().get(0x0112, 1) == opened(data).getexif().get(0x0112, 1)
    assert ImageOps.exif_transpose(opened(after)).size == ImageOps.exif_transpose(opened(data)).size


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_everything_else_is_gone(data):
    after = made(data)
    assert dict(opened(after).getexif()).keys() <= {0x0112}
    assert not opened(after).getexif().get_ifd(0x8825)
    assert all(word not in after for word in (SECRET, b"Phone 7", b"xmpmeta", b"MPF\0", b"GPS"))
    anatomy = anatomy_of(after)
    assert (anatomy.fault, anatomy.end) == ("", len(after))
    assert "comment" not in {span.kind for span in anatomy.spans}


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_orientation_is_kept(kind, turned):
    after = made(i.encoded(kind, exif=i.exif(turned)))
    assert opened(after).getexif().get(0x0112, 1) == turned
    assert (b"Exif" in after or b"eXIf" in after or b"EXIF" in after) == (turned != 1)


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_stripping_twice_changes_nothing_more(data):
    once = made(data)
    assert made(once) == once


def test_a_frame_loses_what_readers_ignore_in_it():
    plain = i.animated("WEBP")
    start = plain.index(b"ANMF")
    size = int.from_bytes(plain[start + 4 : start + 8], "little")
    odd = b"NOTE" + (5).to_bytes(4, "little") + b"where\0"
    frame = plain[start + 8 : start + 8 + size] + bytes(size % 2) + odd
    rest = plain[start + 8 + size + size % 2 :]
    body = plain[12:start] + b"ANMF" + len(frame).to_bytes(4, "little") + frame + rest
    told = b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
    assert frames(told) == frames(plain)
    assert (frames(made(told)), b"where" in made(told)) == (frames(plain), False)


def test_a_thumbnail_in_the_header_goes():
    plain = i.encoded("JPEG", comment=None)
    thumbnail = b"JFIF\0\1\1\0\0\1\0\1\2\2" + SECRET[:12]
    size = int.from_bytes(plain[4:6], "big")
    told = plain[:4] + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + plain[4 + size :]
    assert (frames(made(told)), SECRET[:12] in made(told)) == (frames(plain), False)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "AVIF"])
def test_other_formats_are_left_to_others(kind):
    assert stripped(i.encoded(kind)) is None


def test_an_animation_goes_on_for_as_long_as_before():
    before = IMAGES["gif-animated"]
    assert {opened(data).info["loop"] for data in (before, made(before))} == {3}


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", bytes(50)])
def test_exif_that_cannot_be_read_turns_nothing(exif):
    assert orientation(exif) == 1


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_what_is_damaged_is_told_in_one_way(data):
    chance = random.Random(len(data))
    for _ in range(60):
        cut = bytearray(data[: chance.randrange(1, len(data) + 1)])
        for _ in range(chance.choice((0, 1, 8))):
            cut[chance.randrange(len(cut))] = chance.randrange(256)
        with contextlib.suppress(DamagedError):
            rewrite = stripped(bytes(cut))
            assert rewrite is None or (rewrite.fits(len(cut)) and rewrite.size <= len(cut) + 100)
