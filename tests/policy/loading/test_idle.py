"""Settings that do nothing beside what the others say are told, each with why."""

import pytest

from sidecar.policy.loading.idle import idle
from sidecar.policy.loading.load import load
from sidecar.policy.settings.model import Settings

CHECKS = dict.fromkeys(("content_type_allowed", "forbidden_suffixes"), Settings)
SHARE = "no mode of these requests is enforce"


def told(text):
    return [problem.text() for problem in idle(load(text, {}, CHECKS))]


@pytest.mark.parametrize(
    ("text", "setting", "why"),
    [
        ("policies: {default: {files: {types: [image/png]}, checks: {content_type_allowed: off}}, a: {max_files: 1}}",
         "policies.default.files.types", "the check content_type_allowed is off"),
        ("policies: {a: {files: {types: [image/png]}, checks: off}}",
         "policies.a.files.types", "the check content_type_allowed is off"),
        ("policies: {default: {checks: off}, a: {files: {deny_suffixes: [php]}}}",
         "policies.a.files.deny_suffixes", "the check forbidden_suffixes is off"),
        ("policies: {default: {bodies: {json_names: [n]}}, a: {max_files: 1}}\nroutes: [{path: /a}]",
         "policies.default.bodies.json_names", "there are no bodies.json_files"),
        ("policies: {default: {bodies: {json_files: [n]}}}",
         "policies.default.bodies", "they are for requests that a route names, and there is none"),
        ("mode: monitor\nenforce_percent: 10", "enforce_percent", SHARE),
        ("mode: enforce\nroutes: [{path: /a, mode: monitor, enforce_percent: 10}]",
         "routes[0].enforce_percent", SHARE),
        ("forwarded: {write: [forwarded]}", "forwarded.write", "forwarded.fields is keep"),
        ("forwarded: {fields: append, write: []}", "forwarded.fields", "forwarded.write is empty"),
        ("mode_file_key: abc", "mode_file_key", "there is no mode_file"),
        ("drain: {lease: 1s}", "drain.lease", "nobody can ask for a drain without drain.listen"),
        ("scanners: {a: {url: 'clamd://h:3310', transfer: descriptor}}",
         "scanners.a.transfer", "a descriptor goes only through a socket in the file system"),
        ("scanners: {a: {url: 'icap://h/x', transfer: stream}}",
         "scanners.a.transfer", "only clamd gets files in several ways"),
        ("scanners: {a: {url: 'clamd://h:3310', method: reqmod}}",
         "scanners.a.method", "only ICAP services are asked in several ways"),
    ],
)  # fmt: skip
def test_a_setting_that_does_nothing_is_told_once_with_why(text, setting, why):
    assert told(text) == [f"{setting}: has no effect: {why}"]


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "policies: {default: {checks: off}}",
        "policies: {default: {files: {types: [image/png]}, checks: {forbidden_suffixes: off}}}",
        "policies: {default: {files: {types: [image/png]}, checks: {content_type_allowed: {}}}}",
        "policies: {default: {bodies: {json_files: [f], json_names: [n]}}}\nroutes: [{path: /a}]",
        "mode: enforce\nenforce_percent: 10",
        "mode: monitor\nenforce_percent: 10\nroutes: [{path: /a, mode: enforce}]",
        "mode: monitor\nroutes: [{path: /a, enforce_percent: 100}]",
        "forwarded: {fields: replace, write: []}",
        "mode_file: /etc/mode\nmode_file_key: abc",
        "drain: {lease: 200s, listen: '127.0.0.1:9091'}",
        "scanners: {a: {url: 'clamd:///run/clamd', transfer: descriptor}, b: {url: 'icap://h/x', method: reqmod}}",
        "mode: off\nroutes: [{path: /a, mode: enforce}]",
    ],
)
def test_what_does_something_is_not_told(text):
    assert told(text) == []
