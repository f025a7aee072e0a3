"""Every place that can say a mode, and what it says, as a table of the status page."""

from sidecar.admin import words
from sidecar.admin.markup import Html, Row, table
from sidecar.admin.state import Status
from sidecar.policy.routing.ladder import Rung

RULE = "The configuration's mode holds, lowered by whichever switch says less; no switch raises it, and off is off."


def rungs(status: Status) -> Html:
    """The rungs of the switch; the one that decided is marked."""
    since = f"since {words.moment(status.mode_since)}"
    rows = [_row(rung, since if rung is status.decision.by else "") for rung in status.decision.rungs]
    return table(("Place", "Says", "Decides", "Note"), rows, RULE)


def _row(rung: Rung, decides: str) -> Row:
    return (rung.where, rung.mode.value if rung.mode else "nothing", decides, rung.note)
