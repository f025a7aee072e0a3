"""Log lines of what came into force: a configuration, a mode."""

import logging
from typing import Final

from sidecar.inspection.doubtful import doubtful
from sidecar.policy.routing.ladder import Decision
from sidecar.policy.settings.model import Change, Config
from sidecar.proxy.control.reload import Reload
from sidecar.telemetry.log import log_event

_log: Final = logging.getLogger("sidecar.config")


def tell_reload(reload: Reload, sha256: str, mode: str, config: Config, error: str) -> None:
    """One line: what changed, or why nothing did.

    Args:
        reload: what came of it.
        sha256: of the configuration in force,
        mode: its mode,
        config: and what it says.
        error: why the file is refused, or was until now.
    """
    match reload.result:
        case "refused":
            _log.error("configuration refused, the last good one stays in force: %s", error)
        case "unchanged":
            _log.info("configuration %s, it is the one in force", "accepted again" if error else "read again")
        case "reloaded":
            _tell_reloaded(reload, sha256, mode, config.change)
            tell_doubtful(config)


def _tell_reloaded(reload: Reload, sha256: str, mode: str, change: Change) -> None:
    log_event(
        "reloaded", sha256=sha256, mode=mode, changed=list(reload.changed), owner=change.owner, reason=change.reason,
        expected=change.expected, bounds=list(change.bounds), rollback=change.rollback,
    )  # fmt: skip
    if reload.needs_restart:
        _log.warning("changed but in force only after a restart: %s", ", ".join(reload.needs_restart))
    for problem in reload.problems:
        _log.error("the next start would fail: %s", problem.text())


def tell_doubtful(config: Config) -> None:
    """A warning for what is most often a mistake."""
    for problem in doubtful(config):
        _log.warning("configuration: %s", problem.text())


def tell_decision(old: Decision, new: Decision) -> None:
    """Which mode is in force now and by whom; an error where the mode file has a new problem."""
    for rung in new.rungs:
        if rung.source == "mode_file" and rung.note and rung not in old.rungs:
            stays = "stays" if new.mode is old.mode else "is now"
            _log.error("%s %s; %s %s in force", rung.where, rung.note, new.mode.value, stays)
    if (old.mode, old.by.where, old.cap) != (new.mode, new.by.where, new.cap):
        level = "warning" if new.lowered else "info"
        log_event("mode", level, mode=new.mode.value, before=old.mode.value, by=new.by.where, lowered=new.lowered)
