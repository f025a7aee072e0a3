"""Log lines of what came into force: a configuration, a mode."""

import logging
from typing import Final

from sidecar.policy.ladder import Decision
from sidecar.policy.model import Change
from sidecar.proxy.reload import Reload
from sidecar.telemetry.log import log_event

_log: Final = logging.getLogger("sidecar.config")


def tell_reload(reload: Reload, sha256: str, mode: str, change: Change) -> None:
    """What changed, and the note that whoever changed it left."""
    log_event(
        "reloaded", sha256=sha256, mode=mode, changed=list(reload.changed), owner=change.owner, reason=change.reason,
        expected=change.expected, bounds=list(change.bounds), rollback=change.rollback,
    )  # fmt: skip
    if reload.needs_restart:
        _log.warning("changed but in force only after a restart: %s", ", ".join(reload.needs_restart))


def tell_decision(old: Decision, new: Decision) -> None:
    """Which mode is in force now and by whom; an error where the mode file has a new problem."""
    for rung in new.rungs:
        if rung.source == "mode_file" and rung.note and rung not in old.rungs:
            _log.error("%s %s; it says %s", rung.where, rung.note, rung.mode.value if rung.mode else "nothing")
    if (old.mode, old.by.where, old.cap) != (new.mode, new.by.where, new.cap):
        level = "warning" if new.lowered else "info"
        log_event("mode", level, mode=new.mode.value, before=old.mode.value, by=new.by.where, lowered=new.lowered)
