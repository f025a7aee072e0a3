"""`image_structure` finds what stands behind the end of an image, and is quiet on what cameras write there."""

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Files, Policy
from tests.corpus.files import image_samples as i
from tests.inspection.checks.examining import found, judged
from tests.inspection.judging import codes, make, part_of

TRAILING, DAMAGED = ["image_trailing_data"], ["image_not_read"]
KINDS = ["PNG", "JPEG", "GIF", "WEBP", "BMP"]
MOTION = i.encoded("JPEG") + i.film()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("behind", [b"\x01", b"x" * 100_000, bytes(200_000) + b"x"])
def test_data_behind_the_end_is_refused(kind, behind):
    assert found("image_structure", "image/x", i.encoded(kind) + behind) == TRAILING
    assert found("image_structure", "image/x", i.encoded(kind) + behind, {"trailing": "refuse"}) == TRAILING
    assert found("image_structure", "image/x", i.encoded(kind) + behind, {"trailing": "pass"}) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("behind", [b"", b"\0", bytes(200_000), b"\r\n"])
def test_zeros_and_white_space_are_padding(kind, behind):
    assert found("image_structure", "image/x", i.encoded(kind) + behind, {"trailing": "refuse"}) == []


@pytest.mark.parametrize(
    "behind",
    [
        i.film(), bytes(30) + i.film(), i.encoded("JPEG", "L"), b"\xff\xff" + i.encoded("JPEG"),
        i.samsung_trailer((1, b"Image_UTC_Data", b"17")), i.encoded("JPEG") + i.film() + b"v2_f31_c LIVE_12",
        i.samsung_trailer((0x0A30, b"MotionPhoto_Data", i.film()), (1, b"a", b"b")),
    ],
)  # fmt: skip
def test_what_cameras_write_behind_a_jpeg_passes_unless_set_otherwise(behind):
    assert found("image_structure", "image/jpeg", i.encoded("JPEG") + behind) == []
    assert found("image_structure", "image/jpeg", i.encoded("JPEG") + behind, {"trailing": "refuse"}) == TRAILING
    assert found("image_structure", "image/jpeg", i.encoded("JPEG") + behind + b"\x01") == TRAILING
    assert found("image_structure", "image/png", i.encoded("PNG") + behind) == TRAILING


def test_a_film_that_is_none_is_data():
    assert found("image_structure", "image/jpeg", i.encoded("JPEG") + i.box(b"ftyp", b"mp42") + b"anything") == TRAILING
    assert found("image_structure", "image/jpeg", MOTION + i.box(b"evil", b"x")) == TRAILING


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_without_its_end_is_not_examined(kind):
    data = i.encoded(kind)
    (finding,) = judged("image_structure", "image/x", data[: len(data) // 3])
    assert finding.reason.code == DAMAGED[0]
    assert finding.reason.not_examined
    assert finding.actual.endswith(("it ends too early", "there are no pixels"))


def test_an_offset_beyond_all_files_is_a_damage_like_another():
    (finding,) = judged("image_structure", "image/tiff", b"II+\0\x08\0\0\0" + b"\xff" * 8)
    assert finding.actual == "TIFF: it ends too early"


def test_a_jpeg_that_ends_within_its_pixels_and_a_gif_without_its_trailer_were_seen_to_their_end():
    assert found("image_structure", "image/jpeg", i.encoded("JPEG", size=(300, 200))[:-900]) == []
    assert found("image_structure", "image/gif", i.encoded("GIF")[:-1]) == []


@pytest.mark.parametrize(
    ("content_type", "data"),
    [("image/png", i.encoded("PNG")[:33] + i.chunk(b"abCd", b"") * 300_000),
     ("image/gif", i.encoded("GIF")[:-1] + b"!\xfe" + b"\1a" * 1_100_000 + b"\0;"),
     ("image/jpeg", i.encoded("JPEG")[:20] + i.segment(0xFE, b"a") * 300_000),
     ("image/tiff", b"II*\0\x08\0\0\0" + b"\xff\xff" + bytes(12) * 65_535 + b"\x08\0\0\0")],
)  # fmt: skip
def test_the_number_of_blocks_is_bounded(content_type, data):
    assert found("image_structure", content_type, data) == DAMAGED


@pytest.mark.parametrize(
    ("types", "reasons"),
    [
        (("*/*",), []),
        (("application/*", "image/*"), []),
        (("application/dicom",), []),
        (("image/*",), ["image_not_read"]),
    ],
)
def test_dicom_that_begins_like_a_tiff_passes_where_dicom_is_let_in(types, reasons):
    data = b"II*\0\x54\x18\x08\0".ljust(128, b"\0") + b"DICM\2\0\0\0UL\4\0" + bytes(200)
    check = make("image_structure", policy=Policy(files=Files(types=types)))
    file = File(part_of("ct.dcm"), data, "image/tiff", size=len(data))
    assert codes(check.examine(file, Whole(data))) == reasons
