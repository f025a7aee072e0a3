"""An image in boxes is told by any of its brands."""

import struct

import pytest

from sidecar.inspection.formats.images.heif_brands import heif_type, is_heif


def ftyp(*brands: bytes, large: bool = False) -> bytes:
    """The first box, and the start of one more."""
    said = brands[0] + b"mif1" + b"".join(brands[1:])  # where the brand of an image would be the version of another
    head = struct.pack(">I4sQ", 1, b"ftyp", len(said) + 16) if large else struct.pack(">I4s", len(said) + 8, b"ftyp")
    return head + said + b"heicavif"


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    ("brands", "content_type"),
    [((b"heic",), "image/heic"), ((b"abcd", b"heic"), "image/heic"), ((b"MA1B", b"mif1", b"avif"), "image/avif"),
     ((b"abcd", b"zzzz", b"mif1"), "image/heif"), ((b"heic", b"avif"), "image/heif"), ((b"abcd", b"isom"), ""),
     ((b"isom",), ""), ((b"qt  ",), "")],
)  # fmt: skip
def test_any_brand_tells_the_type(brands, content_type, large):
    head = ftyp(*brands, large=large)
    assert heif_type(head) == content_type
    assert is_heif(head) is bool(content_type)


@pytest.mark.parametrize(
    "head", [b"", b"ftyp", b"\0\0\0\x18ftyp", b"\0\0\0\1ftyp\0\0", b"\0\0\0\0heicheic", b"heicftyp"]
)
def test_what_ends_early_or_has_no_brands_is_none(head):
    assert heif_type(head) == ""
