"""Refuses file names that mean more to a service than the name of a file."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Annotated, ClassVar, Final

from sidecar.inspection.characters import CONTROL, invisible_in
from sidecar.inspection.check import Check, Findings
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.names import MAX_BYTES, base_of, length_of, remnants, segments_at_most, separators_in, views
from sidecar.inspection.reason import Reason
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.kinds import at_least, at_most
from sidecar.policy.values.strictness import ALL, LOWER


def _reason(code: str, title: str, expected: str, source: str) -> Reason:
    return Reason(
        code, title, 422, "file name", expected, "Rename the file and send it again.", source=source, quotes_names=True
    )


FILE_NAME_TOO_LONG: Final = _reason(
    "file_name_too_long", "A file name is too long", "a name within checks.file_names.max_length",
    "NAME_MAX of Linux, macOS and Windows; what a cut leaves behind can end in another suffix",
)  # fmt: skip
FILE_NAME_NOT_UTF8: Final = _reason(
    "file_name_not_utf8", "A file name is not valid UTF-8", "a name in UTF-8", "RFC 3629, section 3",
)  # fmt: skip
FILE_NAME_CONTROL: Final = _reason(
    "file_name_control", "A file name holds a NUL or another control character", "printable characters",
    "CWE-158; CVE-2006-7243: a NUL cuts the name at some services",
)  # fmt: skip
FILE_NAME_INVISIBLE: Final = _reason(
    "file_name_invisible", "A file name holds characters that cannot be seen or that turn its direction",
    "characters that show as what they are", "CWE-451; CVE-2009-3376",
)  # fmt: skip
FILE_NAME_PATH: Final = _reason(
    "file_name_path", "A file name is a path that leaves its folder",
    "a name, or a path without .. and without a root; in a form one / may begin it, as only the name goes on",
    "CWE-22, CWE-36",
)  # fmt: skip
FILE_NAME_HIDDEN_PATH: Final = _reason(
    "file_name_hidden_path", "A file name hides a path behind escapes or look-alike characters",
    "no /, \\ in the form of %2F, &sol;, a full-width slash or the like", "CWE-22; CWE-176; CVE-2000-0884",
)  # fmt: skip
FILE_NAME_STREAM: Final = _reason(
    "file_name_stream", "A file name addresses a stream of an NTFS file", "no ::$DATA and the like",
    "CWE-69; CVE-1999-0278",
)  # fmt: skip
FILE_NAME_RESERVED: Final = _reason(
    "file_name_reserved", "A file name is reserved for a system or a server",
    "no device of Windows (CON, NUL, COM1), no file that servers obey (.htaccess, web.config), not dots alone",
    "CWE-67; CWE-434",
)  # fmt: skip

SERVER_FILES: Final = (
    ".htaccess", ".htpasswd", ".htgroup", ".htdigest", ".ftpaccess", ".user.ini", "php.ini", ".env", ".env.local",
    "web.config", "web.xml", "machine.config", "applicationhost.config", "global.asa", "global.asax", "crossdomain.xml",
    "clientaccesspolicy.xml", "authorized_keys", "authorized_keys2", ".netrc", ".bashrc",
)  # fmt: skip
# Devices, with any suffix; and names of eight and three characters, under which Windows finds long names too.
_OF_WINDOWS: Final = re.compile(
    r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)\s*(?:\..*)?|"
    r"(?:htacce|htpass|user|web|global|machin|applic)~[0-9]{1,3}(?:\.[a-z]{0,3})?", re.DOTALL,
)  # fmt: skip
_STREAM: Final = re.compile(
    r":\s*\$(?:data|i30|index_\w{4,10}|bitmap|attribute_list|ea\w{0,12}|object_id|reparse_point|file_name|"
    r"standard_information|security_descriptor|logged_utility_stream|volume_\w{4,11})\b", re.IGNORECASE,
)  # fmt: skip
_ROOTED: Final = re.compile(rb"/[^/\\]+(?:/[^/\\]+)*")
_CUT: Final = re.compile(r"[;:\0]")
# Names that can only be too long or reserved: letters, digits and what people put between them, and any suffixes.
_PLAIN: Final = re.compile(r"[A-Za-z0-9_()+,-][A-Za-z0-9_()+, -]*(?:\.[A-Za-z0-9_-]+)*")


class FileNamesSettings(Settings):
    """What a file name may be."""

    max_length: Annotated[int, at_least(12), at_most(MAX_BYTES), LOWER] = 255
    """Bytes of a file name in UTF-8, without its path; unescaped, where a client has percent-encoded all of it."""
    server_files: Annotated[tuple[str, ...], ALL] = SERVER_FILES
    """Names that servers obey, in any case."""


class FileNames(Check):
    """Looks at the name that goes on and at the path it was sent with, in every view that some service could take.

    The relative path of a folder passes, and so does the path with a drive that old browsers send, or with the root
    that apps and PHP send: only the base name goes on. Where the service gets the path, too, a root is refused.
    """

    name = "file_names"
    files_only = True
    reasons: ClassVar = (
        FILE_NAME_TOO_LONG, FILE_NAME_NOT_UTF8, FILE_NAME_CONTROL, FILE_NAME_INVISIBLE, FILE_NAME_PATH,
        FILE_NAME_HIDDEN_PATH, FILE_NAME_STREAM, FILE_NAME_RESERVED,
    )  # fmt: skip
    recorded: ClassVar = (FILE_NAME_TOO_LONG,)
    settings_type = FileNamesSettings
    settings: FileNamesSettings

    def begin(self, part: Part) -> Findings:
        """Judge the name."""
        if not part.filename:
            return ()
        sent = part.filename if part.filename_as_sent is None else part.filename_as_sent
        path = sent if part.path_goes_on else _without_root(sent)
        named = views(path) if path == part.filename else (*views(path), *views(part.filename))
        found = [*self._of_bytes(part.filename, sent), *self._of_views(named)]
        return [Finding(reason, f"{detail}{printable(sent)}") for reason, detail in found]

    def _of_bytes(self, filename: bytes, sent: bytes) -> Iterator[tuple[Reason, str]]:
        if (length := length_of(filename)) > self.settings.max_length:
            yield FILE_NAME_TOO_LONG, f"{length} bytes: "
        if not (_is_utf8(filename) and _is_utf8(sent)):
            yield FILE_NAME_NOT_UTF8, ""

    def _of_views(self, named: tuple[str, ...]) -> Iterator[tuple[Reason, str]]:
        if len(named) > 1 or not _PLAIN.fullmatch(named[0]):
            yield from _oddities(named)
        if any(map(self._is_reserved, named)):
            yield FILE_NAME_RESERVED, ""

    def _is_reserved(self, view: str) -> bool:
        """Windows drops dots and spaces at the end, and finds a device whatever suffix follows."""
        base = base_of(view)
        core = _core(base)
        if _OF_WINDOWS.fullmatch(core):
            return True
        obeyed = _lowered(self.settings.server_files)
        if core in obeyed or not base.strip(". "):
            return True
        return any(_core(left) in obeyed for left in remnants(base))


def _oddities(named: tuple[str, ...]) -> Iterator[tuple[Reason, str]]:
    """What no plain name has."""
    if CONTROL.search(named[0]) or any("\0" in view for view in named):
        yield FILE_NAME_CONTROL, ""
    if hidden := next(filter(None, map(invisible_in, named)), ""):
        yield FILE_NAME_INVISIBLE, f"U+{ord(hidden):04X} in "
    if any(_leaves(view) for view in named):
        yield FILE_NAME_PATH, ""
    if max(map(separators_in, named)) > separators_in(named[0]):
        yield FILE_NAME_HIDDEN_PATH, ""
    if any(_STREAM.search(view) for view in named):
        yield FILE_NAME_STREAM, ""


def _without_root(sent: bytes) -> bytes:
    """A path from the root without it; where more than one slash begins it, or other ones stand in it, as it is."""
    return sent[1:] if _ROOTED.fullmatch(sent) else sent


@lru_cache(maxsize=64)
def _lowered(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(str.lower, names))


def _is_utf8(name: bytes) -> bool:
    return name.isascii() or name == name.decode(errors="ignore").encode()


def _core(base: str) -> str:
    return _CUT.split(base, maxsplit=1)[0].strip(" \t\r\n\"'").rstrip(". ").lower()


def _leaves(view: str) -> bool:
    """A root, a share, or a segment of dots alone; a drive stands before what old browsers send."""
    return view.startswith(("/", "\\")) or any(map(_is_dots, segments_at_most(view)))


def _is_dots(segment: str) -> bool:
    """`..` in any dress: `...` and `. .` are `..` to Windows, `..;` is to Tomcat (CVE-2020-5902)."""
    core = "".join(_CUT.split(segment, maxsplit=1)[0].split())
    return len(core) > 1 and not core.strip(".")
