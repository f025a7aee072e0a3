"""Images lose their metadata where the policy says so, and are refused where they cannot."""

import hashlib

import pytest

from sidecar.inspection.examination import Examination
from sidecar.inspection.offline import judge_file
from sidecar.policy.settings.model import Files, Policy
from tests.corpus.files import image_samples as i
from tests.corpus.files import packing as k
from tests.inspection.judging import codes

STRIP = Policy(files=Files(metadata="strip"))
PHOTO = i.encoded("JPEG", exif=i.exif(6, b"a secret place"))


def judged(identify, name, data, policy=STRIP, declared=None):
    examination = Examination(policy, identify, lambda: 0.0, stop_at_first=False)
    return judge_file(name.encode(), declared, [data], policy, identify, examination.examine)


def test_a_photo_loses_them_and_is_accepted(identify):
    verdict = judged(identify, "a.jpg", PHOTO)
    (file,) = verdict.files
    assert (verdict.accepted, file.sha256) == (True, hashlib.sha256(PHOTO).hexdigest())
    assert 0 < file.stripped.size < file.size


@pytest.mark.parametrize(("name", "data"), [("a.jpg", i.encoded("JPEG")), ("a.txt", b"text"), ("a.pdf", b"%PDF-1.4")])
def test_what_has_none_goes_on_as_it_is(identify, name, data):
    assert judged(identify, name, data).files[0].stripped is None


def test_nothing_is_removed_by_default(identify):
    verdict = judged(identify, "a.jpg", PHOTO, Policy())
    assert (verdict.accepted, verdict.files[0].stripped) == (True, None)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "AVIF", "ICO"])
def test_an_image_of_another_format_is_refused(identify, kind):
    data = i.encoded(kind)
    assert "metadata_not_removed" in codes(judged(identify, f"a.{kind.lower()}", data).findings)
    assert "metadata_not_removed" not in codes(judged(identify, f"a.{kind.lower()}", data, Policy()).findings)


@pytest.mark.parametrize("brand", [b"MA1B", b"miaf", b"abcd"])
@pytest.mark.parametrize("name", ["a.avif", "a.heic", "a"])
def test_an_image_in_boxes_is_refused_whatever_its_first_brand_is(identify, brand, name):
    data = i.encoded("AVIF", exif=i.exif(6, b"a secret place")).replace(b"ftypavif", b"ftyp" + brand, 1)
    assert "metadata_not_removed" in codes(judged(identify, name, data).findings)


@pytest.mark.parametrize(("name", "declared"), [("a.ico", None), ("a", b"image/x-icon")])
def test_what_nobody_knows_and_is_called_an_image_is_refused(identify, name, declared):
    pointer = b"\0\0\2\0\1\0\x20\x20" + bytes(60)
    assert identify(pointer) == "application/octet-stream"
    assert "metadata_not_removed" in codes(judged(identify, name, pointer, declared=declared).findings)
    assert judged(identify, "a.dat", pointer).accepted


@pytest.mark.parametrize("cut", range(20, len(PHOTO), 97))
def test_a_damaged_one_loses_them_or_is_refused(identify, cut):
    verdict = judged(identify, "a.jpg", PHOTO[:cut])
    assert verdict.files[0].stripped or "metadata_not_removed" in codes(verdict.findings)


def test_an_image_of_too_many_pieces_is_refused(identify):
    start, rest = i.encoded("PNG")[:33], i.encoded("PNG")[33:]
    blocks = (i.chunk(b"tEXt", b"a\0b") + i.chunk(b"gAMA", bytes(4))) * 5000
    assert "metadata_not_removed" in codes(judged(identify, "a.png", start + blocks + rest).findings)


def test_images_within_other_files_stay(identify):
    data = k.zipped(("a.jpg", PHOTO))
    verdict = judged(identify, "a.zip", data)
    assert (verdict.accepted, verdict.files[0].stripped) == (True, None)
