"""Verdicts of one engine that still hold: the same bytes, the same signatures."""

from collections import OrderedDict

from sidecar.scanners.result import Bad, Clean, Result


class Cache:
    """Bounded; what was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], Clean | Bad] = OrderedDict()

    def find(self, sha256: str, signatures: str) -> Clean | Bad | None:
        """What was found then; nothing where the signatures are unknown."""
        found = self._known.get((sha256, signatures)) if signatures else None
        if found is not None:
            self._known.move_to_end((sha256, signatures))
        return found

    def keep(self, sha256: str, signatures: str, result: Result) -> None:
        """Keep what was found; that nobody could say is nothing to keep."""
        if not (signatures and sha256 and isinstance(result, Clean | Bad)):
            return
        self._known[sha256, signatures] = result
        if len(self._known) > self._most:
            self._known.popitem(last=False)
