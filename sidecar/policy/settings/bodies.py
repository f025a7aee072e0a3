"""Settings of uploads that are not forms: raw files, JSON, compressed bodies, pieces."""

from importlib.util import find_spec
from typing import Annotated, Final, Literal

from sidecar.policy.settings.base import MiB, Settings
from sidecar.policy.values.kinds import after, characters
from sidecar.policy.values.media_range import MediaRange
from sidecar.policy.values.units import Size
from sidecar.policy.values.words import Lowered, parse_json_member

LIBRARIES: Final = {"br": ("brotli",), "zstd": ("compression.zstd", "backports.zstd")}
"""Modules of which a coding needs one; the others are in the standard library."""
_EXTRAS: Final = {"br": "brotli", "zstd": "zstandard"}


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def parse_coding(coding: str) -> str:
    """A content coding that can be decoded here.

    Raises:
        ValueError: its library is not installed; the message says how to get it.
    """
    if coding in LIBRARIES and not any(map(_is_installed, LIBRARIES[coding])):
        raise ValueError(f"expected the library for {coding}: pip install '.[{_EXTRAS[coding]}]' in the checkout")
    return coding


Coding = Annotated[Literal["gzip", "deflate", "br", "zstd"], Lowered, after(parse_coding)]
JsonMember = Annotated[str, after(parse_json_member)]


class Bodies(Settings):
    """Uploads that are not forms, on requests that a route names."""

    uninspected: tuple[MediaRange, ...] = ("application/json", "application/x-www-form-urlencoded")
    """Content types that pass uninspected if they begin as what they claim to be; other bodies are judged as files."""
    json_files: tuple[JsonMember, ...] = ()
    """Members of JSON bodies that hold files in base64 or as data URIs: names, or JSON pointers with * for an index."""
    json_names: tuple[Annotated[str, characters(least=1)], ...] = ()
    """Members beside such a file that hold its name."""
    json_max: Size = 16 * MiB
    """One JSON body that is searched for files."""
    encodings: tuple[Coding, ...] = ()
    """Content codings that are decoded, and forwarded decoded: `gzip`, `deflate`, `br`, `zstd`. Others are refused."""
    partial: Annotated[Literal["refuse", "forward"], Lowered] = "refuse"
    """Pieces of files (Content-Range, tus). forward lets them pass uninspected, and counts them."""
