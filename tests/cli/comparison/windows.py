"""Baselines made of numbers that a test chooses."""

from sidecar.cli.comparison.baseline import Baseline, rows_of

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, float("inf"))


def histogram(name, route, counts):
    """Series of a histogram with so many values in each bucket alone."""
    series, total = {}, 0
    for bound, count in zip(BOUNDS, [*counts, *[0] * len(BOUNDS)], strict=False):
        total += count
        series[f"{name}_bucket", frozenset({("route", route), ("le", str(bound))})] = float(total)
    series[f"{name}_count", frozenset({("route", route)})] = float(total)
    series[f"{name}_sum", frozenset({("route", route)})] = total * 0.02
    return series


def counter(name, value, **labels):
    return {(name, frozenset(labels.items())): float(value)}


def traffic(*, good=900, bad=0, let_in=0, gone=0, errors=0, route="default", counts=(100, 400, 300, 80, 15, 5)):
    """Series of one route."""
    return {
        **counter("requests_total", good + let_in, route=route, code="200"),
        **counter("requests_total", bad, route=route, code="422"),
        **counter("requests_total", gone, route=route, code="none"),
        **counter("requests_total", errors, route=route, code="502"),
        **counter("uploads_total", good, route=route, verdict="clean", action="forwarded"),
        **counter("uploads_total", let_in, route=route, verdict="bad", action="forwarded"),
        **counter("uploads_total", bad, route=route, verdict="bad", action="rejected"),
        **counter("uploads_total", gone, route=route, verdict="not_inspected", action="rejected"),
        **histogram("request_duration_seconds", route, counts),
    }


def baseline(series=None, **changes):
    values = {
        "made": "2026-11-28T19:00:00Z", "made_by": "0.1.0", "command": "upload-sidecar snapshot --output before.json",
        "source": "admin port 127.0.0.1:9090", "seconds": 60.0, "versions": ["0.1.0"], "configurations": ["ab" * 32],
        "modes": ["enforce"], "change": {"owner": "me", "reason": "a reason"}, "config": {"mode": "enforce"},
        "series": rows_of(traffic() if series is None else series),
    }  # fmt: skip
    return Baseline(**{**values, **changes})
