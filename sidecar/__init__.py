"""The upload-hardening sidecar: a reverse proxy that inspects uploads before a legacy service sees them.

The rooms, from the bottom up; imports go downward only:

    policy      what is allowed: frozen values read from one YAML file
    multipart   RFC 7578 on bytes alone: strict parser, canonical encoder
    inspection  what an upload is judged by: checks, findings, the verdict
    isolation   processes in which hostile formats are decoded
    scanners    engines outside the process
    telemetry   the one record of a finished exchange, and what is made from it: metrics, logs, audit
    proxy       aiohttp: one exchange from head to end, spool, upstream
    admin       its own port: health, readiness, metrics
    cli         the commands

An upload flows: head, route, bytes, parser, events, checks, spool, verdict, canonical body, service, answer.
`docs/how-it-works.md` follows one from end to end.
"""

_UNKNOWN = "0+unknown"
"""Run from a checkout that was not installed."""


def __getattr__(name: str) -> str:
    """`__version__`, found out when it is asked for: the processes that examine files save 3 MB."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - see above

    try:
        return version("upload-sidecar")
    except PackageNotFoundError:
        return _UNKNOWN
