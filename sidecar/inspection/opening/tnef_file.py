"""A mail that Outlook packed (`winmail.dat`), opened: what is attached is judged as a file."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.tnef import BEGINS, attached
from sidecar.inspection.formats.containers.unpacking import stored
from sidecar.inspection.formats.given_names import distinct
from sidecar.inspection.limits import INSIDE_TOO_MANY
from sidecar.inspection.opening.reasons import ARCHIVE_DAMAGED
from sidecar.inspection.whole import Whole

_NAMELESS: Final = b"attachment"


def open_tnef(whole: Whole) -> Iterator[Finding]:
    """Everything that is wrong with what it holds."""
    try:
        for each in attached(whole.data):
            names = distinct(filter(None, each.names or each.shown))
            name, *also = names or (_NAMELESS,)
            for start, end in each.places:
                if whole.data[start : start + len(BEGINS)] == BEGINS:  # a mail, which is called by its subject
                    yield from whole.inside(_NAMELESS, stored(whole.data, start, end), *names)
                else:
                    yield from whole.inside(name, stored(whole.data, start, end), *also)
            yield from whole.inside(name, (), *also) if names and not each.places else ()
    except DamagedError as error:
        yield Finding(ARCHIVE_DAMAGED, f"a mail with {error}", "a mail that every reader reads alike")
    except TooMuchError as error:
        yield Finding(INSIDE_TOO_MANY, f"a mail with too many {error}")
