"""What an upload is judged by: checks look, findings tell, the verdict decides; the names below are for others too."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sidecar.inspection.check import Check
    from sidecar.inspection.examination import Examination
    from sidecar.inspection.finding import Finding
    from sidecar.inspection.offline import judge_file
    from sidecar.inspection.reason import Reason
    from sidecar.inspection.types.libmagic import Identifier
    from sidecar.inspection.verdict import Verdict

__all__ = ["Check", "Examination", "Finding", "Identifier", "Reason", "Verdict", "judge_file"]

_HOMES: Final = {
    "Check": "check", "Examination": "examination", "Finding": "finding", "Identifier": "types.libmagic",
    "Reason": "reason", "Verdict": "verdict", "judge_file": "offline",
}  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is exported
    """Imported when it is asked for (PEP 562): who needs one check does not load libmagic."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
