"""`image_size` refuses by headers alone what a service would unpack to too much."""

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.types.content import HEAD_SIZE
from tests.corpus.files import image_samples as i
from tests.inspection.checks.examining import found, judged
from tests.inspection.judging import make, part_of
from tests.pace import processor_time

LARGE, FRAMES = ["image_too_large"], ["image_too_many_frames"]


def test_four_gigapixels_are_refused_from_the_head_alone_and_at_once():
    file = File(part_of("a.png"), i.png_header(65536, 65536)[:HEAD_SIZE], "image/png")
    check = make("image_size", {"max_side": 100_000})
    with processor_time(below=0.1):
        (finding,) = check.look(file)
    assert (finding.reason.code, finding.actual) == (LARGE[0], "PNG, 65536 x 65536")
    assert finding.expected == "at most 268435456 pixels"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "AVIF", "JPEG2000", "TGA"])
def test_the_limit_itself_is_let_in_and_one_pixel_less_refuses(kind):
    data, options = i.encoded(kind), {"unknown": "not_examined"}
    pixels = 48 * 36 if kind == "ICO" else 48 * 32
    assert found("image_size", "image/x", data, {"max_pixels": pixels, **options}) == []
    assert found("image_size", "image/x", data, {"max_pixels": pixels // 3, **options}) == LARGE


def test_a_side_alone_can_be_too_long():
    assert found("image_size", "image/png", i.encoded("PNG"), {"max_side": 48}) == []
    assert found("image_size", "image/png", i.encoded("PNG"), {"max_side": 47}) == LARGE


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "TIFF", "AVIF"])
def test_frames_are_counted_and_multiply_the_pixels(kind):
    data = i.animated(kind, 5)
    assert found("image_size", "image/x", data, {"max_frames": 5}) == []
    assert found("image_size", "image/x", data, {"max_frames": 4}) == FRAMES
    assert found("image_size", "image/x", data, {"max_all_pixels": 5 * 48 * 32}) == []
    assert found("image_size", "image/x", data, {"max_all_pixels": 5 * 48 * 32 - 1}) == FRAMES


def test_photos_of_200_megapixels_are_let_in():
    assert found("image_size", "image/png", i.png_header(16320, 12240)) == []


def test_rare_formats_are_as_the_setting_says():
    assert found("image_size", "image/x-portable-pixmap", b"P6\n9 9\n255\n") == []
    (finding,) = judged("image_size", "image/x-portable-pixmap", b"P6\n9 9\n255\n", {"unknown": "not_examined"})
    assert (finding.reason.code, finding.reason.not_examined) == ("image_size_unknown", True)


def test_what_is_no_image_is_not_looked_at():
    assert found("image_size", "application/pdf", i.png_header(65536, 65536)) == []
    assert found("image_size", "image/svg+xml", i.png_header(65536, 65536)) == []


def test_its_settings_are_checked():
    with pytest.raises(ValueError, match="max_pixels"):
        make("image_size", {"max_pixels": 0})
