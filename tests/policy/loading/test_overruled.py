"""Limits that another setting overrules are told, each with the value that it meets."""

import pytest

from sidecar.policy.loading.overruled import overruled

CLAMD = "scanners: {av: {url: 'clamd://h:3310'%s}}\npolicies: {default: {scanners: {use: [av]%s}%s}}"
LEASE = (
    "drain.lease: a drain that was asked for is over before what is under way has had its time; expected at "
    "least 121s, which is drain.accept_for and drain.timeout, got 90s"
)


def unreachable(setting, outer, most, value):
    return f"{setting}: can never be reached under {outer}; expected at most {most}, or a higher {outer}, got {value}"


def unscanned(setting, most, value):
    why = "files of more than scanners.av.max_file are not scanned, and so refused"
    ways = f"at most {most}, or a larger scanners.av.max_file, or scanners.on_not_examined: forward"
    return f"policies.default.{setting}: {why}; expected {ways}, got {value}"


def told(read, text):
    return [problem.text() for problem in overruled(read(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("client: {idle_timeout: 2m, max_duration: 1m}",
         unreachable("client.idle_timeout", "max_duration", "1m", "2m")),
        ("spool: {memory: 2MiB, max_memory: 1MiB}",
         unreachable("spool.memory", "max_memory", "1MiB", "2MiB")),
        ("isolation: {cpu: 90, time: 1m}",
         unreachable("isolation.cpu", "time", "60", "90")),
        ("scanners: {av: {url: 'clamd://h:3310', connect_timeout: 3s, deadline: 2s}}",
         unreachable("scanners.av.connect_timeout", "deadline", "2s", "3s")),
        ("policies: {default: {inside: {max_file: 2MiB, max_bytes: 1MiB}}, a: {max_files: 1}}",
         unreachable("policies.default.inside.max_file", "inside.max_bytes", "1MiB", "2MiB")),
        ("policies: {a: {bodies: {json_files: [f], json_max: 70MiB}}}",
         unreachable("policies.a.bodies.json_max", "max_body", "64MiB", "70MiB")),
        ("drain: {listen: '127.0.0.1:9091', timeout: 2m, lease: 90s}",
         LEASE),
        (CLAMD % ("", "", ", max_file: 40MiB"),
         unscanned("max_file", "32MiB", "40MiB")),
        (CLAMD % (", max_file: 9MiB", "", ", max_body: 10MiB"),
         unscanned("max_body", "9MiB", "10MiB")),
    ],
)  # fmt: skip
def test_a_limit_that_another_overrules_is_told_once_with_both(read, text, words):
    assert told(read, text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        CLAMD % ("", "", ""),
        CLAMD % ("", ", on_not_examined: forward", ", max_file: 40MiB"),
        "spool: {max_memory: 512KiB}",
        "isolation: {time: 5s}",
        "policies: {default: {inside: {max_bytes: 1MiB}}}",
        "policies: {a: {max_body: 5MiB, max_file: 1MiB, bodies: {json_files: [f]}}}",
        "policies: {default: {bodies: {json_max: 70MiB}}}",
        "drain: {timeout: 10m}",
    ],
)
def test_what_fits_or_what_nobody_wrote_is_not_told(read, text):
    assert told(read, text) == []
