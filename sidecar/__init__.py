"""The upload-hardening sidecar: a reverse proxy that inspects uploads before a legacy service sees them.

The rooms, from the bottom up; imports go downward only:

    policy      what is allowed: frozen values read from one YAML file
    multipart   RFC 7578 on bytes alone: strict parser, canonical encoder
    inspection  what an upload is judged by: checks, findings, the verdict
    scanners    engines outside the process
    telemetry   the one record of a finished exchange, and what is made from it: metrics and logs
    proxy       aiohttp: one exchange from head to end, spool, upstream
    admin       its own port: health, readiness, metrics
    cli         the commands

An upload flows: head, route, bytes, parser, events, checks, spool, verdict, canonical body, service, answer.
`docs/how-it-works.md` follows one from end to end.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("upload-sidecar")
except PackageNotFoundError:  # run from a checkout that was not installed
    __version__ = "0+unknown"
