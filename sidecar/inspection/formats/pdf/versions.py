"""What objects of a PDF refer to: of several with one number, readers differ in which of them holds."""

from collections.abc import Iterator
from typing import Any, Final

from sidecar.inspection.formats.pdf.names import Name
from sidecar.inspection.formats.pdf.syntax import UNCLEAR, Dictionary, Ref, Word

UNNUMBERED: Final = -1
"""The number of objects whose own could not be read (a comment may stand in it): any could be meant by a reference."""
TRIGGERS: Final = frozenset(
    {b"E", b"X", b"D", b"U", b"Fo", b"Bl", b"PO", b"PC", b"PV", b"PI", b"O", b"C", b"K", b"F", b"V", b"WC", b"WS",
     b"DS", b"WP", b"DP"}
)  # fmt: skip
"""What starts an action, in a table of them (ISO 32000-2, section 12.6.3)."""
FILE_NAMES: Final = (b"UF", b"F", b"Unix", b"DOS", b"Mac")
OPENS: Final = b"URI"
_MOST_VERSIONS: Final = 32
_MOST_STEPS: Final = 200


class Versions:
    """What others may be led to by an object, of each of its versions."""

    def __init__(self, unread: set[str]) -> None:
        """Nothing is known yet; where more is referred to than is kept goes to `unread`."""
        self._of: dict[int, list[Any]] = {}
        self._crowded: set[int] = set()
        self._unread = unread

    def keep(self, number: int, value: Any) -> None:  # noqa: ANN401 - any object
        """Keep of a version what leads further."""
        leading = _leading(value)
        if leading is None:
            return
        versions = self._of.setdefault(number, [])
        if len(versions) < _MOST_VERSIONS:
            versions.append(leading)
        else:
            self._crowded.add(number)

    def of(self, number: int) -> list[Any]:
        """What an object may be; a reference to those without a number is among it."""
        if number == UNCLEAR:
            self._unread.add("a reference that is read in several ways")
        if number in self._crowded:
            self._unread.add("too many versions of an object")
        unnumbered = [Ref(UNNUMBERED)] if number != UNNUMBERED and UNNUMBERED in self._of else []
        return [*self._of.get(number, ()), *unnumbered]

    def resolved(self, value: Any) -> Iterator[Any]:  # noqa: ANN401 - any object
        """What may be meant by a value: itself, or all that it refers to."""
        waiting, seen, steps = [value], set[int](), 0
        while waiting:
            each, steps = waiting.pop(), steps + 1
            if steps > _MOST_STEPS:
                self._unread.add("too many versions of an object")
                return
            if not isinstance(each, Ref):
                yield each
            elif each.number not in seen:
                seen.add(each.number)
                waiting += self.of(each.number)


def _leading(value: Any) -> Any:  # noqa: ANN401 - any object
    """What of an object may be followed; None for nothing: most of a document is pages, fonts and structure."""
    if isinstance(value, Dictionary):
        entries = Dictionary(entry for entry in value if _leads(*entry))
        return entries or None
    if isinstance(value, list):
        return [each for each in value if isinstance(each, Ref | list)] or None
    return value if isinstance(value, Name | int | bytes | Ref) and not isinstance(value, Word) else None


def _leads(key: Name, value: Any) -> bool:  # noqa: ANN401 - any object
    if key == b"S":
        return isinstance(value, Ref) or value == OPENS
    if key == b"Next":
        return isinstance(value, Ref | list)
    if key in FILE_NAMES and isinstance(value, bytes):
        return not isinstance(value, Name | Word)
    return (key in TRIGGERS or key in FILE_NAMES) and isinstance(value, Ref | Dictionary)
