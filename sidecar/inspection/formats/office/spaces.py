"""Which namespace a name is in (Namespaces in XML 1.0), where prefixes need not be bound."""

from collections.abc import Mapping
from typing import Final

_DEFAULT: Final = "xmlns"
_PREFIXED: Final = "xmlns:"


class Spaces:
    """The namespaces that the elements which are open declare.

    Expat knows them as well, but writes the whole of one into every name: an address of a megabyte and as many
    attributes make a terabyte.
    """

    def __init__(self) -> None:
        """No element is open."""
        self._of: dict[str, list[str]] = {}

    def enter(self, attributes: Mapping[str, str]) -> tuple[str, ...]:
        """An element begins.

        Returns:
            What it declares; `leave` wants it when the element ends.
        """
        declared = tuple([key for key in attributes if key.startswith(_DEFAULT)])
        for key in declared:
            self._of.setdefault(key, []).append(attributes[key])
        return declared

    def leave(self, declared: tuple[str, ...]) -> None:
        """An element ends."""
        for key in declared:
            self._of[key].pop()

    def of_element(self, name: str) -> str:
        """The namespace of an element; empty where it has none."""
        prefix = name.rpartition(":")[0]
        declared = self._of.get(_PREFIXED + prefix if prefix else _DEFAULT)
        return declared[-1] if declared else ""

    def of_attribute(self, name: str) -> str:
        """The namespace of an attribute: without a prefix it has none."""
        return self.of_element(name) if ":" in name else ""
