"""HTML that is escaped by construction: text becomes markup only as the content of an element."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that is escaped already; made by `element` alone, but for texts of our own."""

    text: str


Row = tuple[str | Html, ...]
"""The cells of a table's row; the first names it."""


def element(name: str, *children: "str | Html", **attributes: str) -> Html:
    """An element with its children and attributes, all texts escaped; `class_` is written `class`."""
    pairs = "".join(f' {key.rstrip("_")}="{escape(value)}"' for key, value in attributes.items())
    inside = "".join(child.text if isinstance(child, Html) else escape(child) for child in children)
    return Html(f"<{name}{pairs}>{inside}</{name}>")


def section(title: str, *children: Html, wide: bool = False, kind: str = "") -> Html:
    """A card."""
    names = " ".join(name for name in ("wide" if wide else "", kind) if name)
    return element("section", element("h2", title), *children, class_=names or "card")


def table(head: tuple[str, ...], rows: list[Row], caption: str) -> Html:
    """A table in a box that scrolls sideways on a narrow screen; columns named `#...` hold numbers."""
    kinds = ["number" if name.startswith("#") else "text" for name in head]
    titles = [element("th", name.lstrip("#"), scope="col", class_=kind) for name, kind in zip(head, kinds, strict=True)]
    body = [_row(row, kinds) for row in rows]
    inner = (element("thead", element("tr", *titles)), element("tbody", *body))
    return element("div", element("table", element("caption", caption), *inner), class_="scroll")


def _row(cells: Row, kinds: list[str]) -> Html:
    first = element("th", cells[0], scope="row", class_=kinds[0])
    return element(
        "tr", first, *(element("td", cell, class_=kind) for cell, kind in zip(cells[1:], kinds[1:], strict=True))
    )
