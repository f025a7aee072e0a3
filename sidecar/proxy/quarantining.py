"""Puts the files of a refused upload into quarantine."""

import asyncio
import logging
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sidecar.inspection.file import record_of
from sidecar.inspection.finding import Finding, printable
from sidecar.isolation.copy import Copy
from sidecar.policy.scanners import Quarantine
from sidecar.proxy.reasons import RefusedError
from sidecar.scanners.quarantine import Store

_log: Final = logging.getLogger("sidecar.quarantine")


async def quarantine(
    settings: Quarantine, copies: Sequence[Copy], findings: Sequence[Finding], about: Mapping[str, str]
) -> None:
    """Keep the files that the findings are about; a failure is told in the log, and changes no verdict.

    Args:
        settings: where, and how much.
        copies: the files of the upload.
        findings: why it is refused.
        about: the request: its id, route and policy.
    """
    store = Store(Path(settings.directory), max_bytes=settings.max_bytes, max_age=settings.max_age)
    concerned = {finding.part for finding in findings}
    for copy in copies:
        if copy.size != copy.file.size or not concerned & {None, printable(copy.file.part.name)}:
            continue
        try:
            number = await _keep(store, copy, {**about, **_told(copy, findings)})
        except (OSError, RefusedError) as error:
            _log.error("a refused file could not be kept in quarantine.directory: %s", error)
        else:
            _log.warning("request %s: quarantined as %s", about["request_id"], number or "nothing: it is too large")


async def _keep(store: Store, copy: Copy, about: dict[str, Any]) -> str:
    descriptor = await copy.descriptor()
    try:
        # Shielded, as the thread goes on reading the descriptor after a cancellation.
        keeping = asyncio.ensure_future(asyncio.to_thread(store.keep, descriptor, copy.size, about, time.time()))
        try:
            return await asyncio.shield(keeping)
        except asyncio.CancelledError:
            await asyncio.wait({keeping})
            raise
    finally:
        os.close(descriptor)


def _told(copy: Copy, findings: Sequence[Finding]) -> dict[str, Any]:
    record = record_of(copy.file)
    return {
        "field": record.field,
        "name": record.filename,
        "declared_type": record.declared_type,
        "content_type": record.content_type,
        "sha256": record.sha256,
        "findings": [{"code": finding.reason.code, "actual": finding.actual} for finding in findings],
    }
