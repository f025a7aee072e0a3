"""Content type of a file by its first bytes, as libmagic sees it."""

import ctypes.util
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from sidecar.inspection.formats.images.heif_brands import heif_type
from sidecar.inspection.formats.images.tga import is_tga
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.types.kind_table import APPLE_DOUBLE

# Bounds of one call. Without them 64 KiB of newlines cost 300 to 480 ms; with them and heads of 4 KiB, the worst head
# known takes 3 ms (libmagic 5.44) to 13 ms (5.41).
_PARAMETERS: Final = {5: 512, 7: 1024}  # MAGIC_PARAM_REGEX_MAX, MAGIC_PARAM_ENCODING_MAX of magic.h
_TGA, _UNKNOWN = "image/x-tga", "application/octet-stream"
# It knows the first two, but has no type for them: OOXML whose telling parts come late, and AppleDouble. Of Rich Text
# it wants a version, which some programs leave out and Word does not miss.
_BEGINS: Final = (
    (_UNKNOWN, b"PK\3\4", "application/zip"),
    (_UNKNOWN, b"\0\5\x16\7\0\2\0\0", APPLE_DOUBLE),  # RFC 1740, appendix A
    ("text/plain", b"{\\rtf\\ansi", "text/rtf"),
)
_LIBRARIES: Final = ("libmagic.so.1", "libmagic.so*", "libmagic*.dylib", "libmagic*.dll")


class LibmagicMissingError(Exception):
    """libmagic or its Python binding is not to be had; the message says how to get it."""


def _wheel() -> Path | None:
    """Directory of the package that carries libmagic, found without running it: it would change the environment."""
    spec = find_spec("pylibmagic")
    return Path(spec.origin).parent if spec and spec.origin else None


def _library(directory: Path) -> Path | None:
    return next((path for pattern in _LIBRARIES for path in sorted(directory.glob(pattern))), None)


def _bind(library: Path | None) -> ModuleType:
    """Import the binding, which looks for its library once, at import; it is shown this one, where there is one."""
    find_library = ctypes.util.find_library
    if library is not None:
        ctypes.util.find_library = lambda name: str(library)  # noqa: ARG005 - the signature is ctypes'
    try:
        import magic  # noqa: PLC0415 - only while find_library is replaced
    finally:
        ctypes.util.find_library = find_library
    return magic


def _load() -> tuple[ModuleType | None, str]:
    """The binding, or why there is none; once, under the lock that Python holds on this module's import.

    The system's library comes first: those of the wheel are older, and take three times as long over text.
    """
    directory, why_not = _wheel(), ""
    for library in (None, directory and _library(directory)):
        try:
            return _bind(library), ""
        except (ImportError, OSError) as error:
            why_not = why_not or str(error)
            sys.modules.pop("magic.loader", None)  # it has looked already, and would not look again
    return None, why_not


_MAGIC, _WHY_NOT = _load()


def _database() -> str | None:
    """The compiled rules that belong to the loaded library: those of another version would not load."""
    directory = _wheel()
    loaded = Path(_MAGIC.libmagic._name if _MAGIC else "")  # noqa: SLF001 - ctypes tells the path in no other way
    return str(directory / "magic.mgc") if directory and loaded.parent == directory else None


class Identifier:
    """One handle of libmagic, for one thread. Calls release the GIL; a handle that is shared makes them queue.

    Raises:
        LibmagicMissingError: libmagic cannot be loaded.
    """

    def __init__(self) -> None:
        if _MAGIC is None:
            raise LibmagicMissingError(_missing(_WHY_NOT))
        try:
            self._magic: Any = _MAGIC.Magic(mime=True, magic_file=_database())
        except _MAGIC.MagicException as error:
            raise LibmagicMissingError(_missing(f"its rules do not load: {error}")) from error
        for parameter, value in _PARAMETERS.items():
            with suppress(_MAGIC.MagicException, NotImplementedError):  # before 5.39 there is no ENCODING_MAX
                self._magic.setparam(parameter, value)

    def __call__(self, head: bytes) -> str:
        """Content type of a file that begins with `head`, without parameters, such as `image/png`.

        Raises:
            Exception: whatever the binding raises; the Inspector makes a finding of it.
        """
        found = str(self._magic.from_buffer(head[:HEAD_SIZE])).partition(";")[0].strip().lower()
        if found == _TGA and not is_tga(head):
            return _UNKNOWN
        if found == _UNKNOWN and (boxed := heif_type(head)):
            return boxed
        return next((name for said, start, name in _BEGINS if found == said and head.startswith(start)), found)


def _missing(why: str) -> str:
    return (
        f"libmagic cannot be loaded ({why or 'unknown reason'}). It tells what files really are. Install it with the "
        "system's package manager (Debian, Ubuntu: libmagic1; Alpine, macOS: libmagic) or as a Python package: "
        "pip install '.[libmagic]' in the checkout."
    )
