"""What is told of HTML, SVG and XML, and by which rules they are read."""

from enum import Enum
from typing import Final


class Feature(Enum):
    """One thing that passive markup does without."""

    SCRIPT = "script"
    HANDLER = "handler"
    ADDRESS = "address"
    FOREIGN_OBJECT = "foreign object"
    EMBEDDED = "embedded page"
    REFERENCE = "reference"
    ENTITY = "entity"
    STYLESHEET = "style sheet"
    REFRESH = "refresh"
    UNREAD = "unread"


class Form(Enum):
    """By which rules a document is read."""

    HTML = "html"
    SVG = "svg"
    XML = "xml"


OF_PICTURES: Final = frozenset({Feature.REFERENCE, Feature.ENTITY, Feature.UNREAD})
"""What a drawing can do that another shows."""
