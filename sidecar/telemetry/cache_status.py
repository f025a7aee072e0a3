"""How a cache answered, as one word, from the fields that caches write."""

from sidecar.telemetry.labels import OTHER

_FORWARD_REASONS = {"bypass": "bypass", "method": "bypass", "request": "bypass", "stale": "stale"}


def cache_status(cache_status: str, x_cache: str) -> str:
    """`hit`, `stale`, `miss`, `bypass` or `other`; empty where neither field was sent.

    Args:
        cache_status: value of Cache-Status (RFC 9211), several joined by commas; the last member is the cache nearest
            to the client, and so the one that answered.
        x_cache: value of X-Cache, the field of common caches and content networks before RFC 9211.
    """
    if cache_status.strip():
        return _by_parameters(cache_status.rpartition(",")[2])
    return _by_words(x_cache.lower()) if x_cache.strip() else ""


def _by_parameters(member: str) -> str:
    """Reads one member of Cache-Status: RFC 9211, sections 2.1 and 2.2."""
    parameters = {key.strip().lower(): value.strip() for key, _, value in _pairs(member)}
    if "hit" in parameters:
        return "hit"
    return _FORWARD_REASONS.get(parameters["fwd"].lower(), "miss") if "fwd" in parameters else OTHER


def _pairs(member: str) -> list[tuple[str, str, str]]:
    """The parameters behind the name of the cache."""
    return [parameter.partition("=") for parameter in member.split(";")[1:]]


def _by_words(value: str) -> str:
    """Reads X-Cache, which nobody defined: `HIT`, `Miss from cache`, `TCP_HIT`, `MISS, HIT`."""
    last = value.rpartition(",")[2]
    return next((status for status in ("hit", "stale", "miss", "bypass") if status in last), OTHER)
