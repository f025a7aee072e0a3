"""A section of OneNote, opened: a double click runs what is in it, so that it is judged as files and by their names."""

from collections.abc import Iterator

from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.onenote import file_names, objects
from sidecar.inspection.limits import INSIDE_TOO_MANY
from sidecar.inspection.whole import Whole


def open_notes(whole: Whole) -> Iterator[Finding]:
    """Everything that is wrong with what it holds; which name is that of which file stands in the pages."""
    try:
        for name in dict.fromkeys(file_names(whole.data)):
            yield from whole.inside(name.encode("utf-8", "replace"), ())
        for data in objects(whole.data):
            yield from whole.inside(b"attachment", data)
    except TooMuchError as error:
        yield Finding(INSIDE_TOO_MANY, f"notes with too many {error}")
