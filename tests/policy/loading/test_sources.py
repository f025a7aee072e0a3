from sidecar.policy.loading.sources import sources_of
from sidecar.policy.settings.base import fields_of
from tests.policy.conftest import CHECKS

TEXT = """\
mode: monitor
policies:
  default:
    max_file: 1MiB
    files: {types: [image/png]}
  avatars:
    max_files: 1
routes:
  - path: /a
    policy: avatars
"""


def test_every_value_has_its_source(read):
    environ = {"SIDECAR_UPSTREAM__URL": "http://app:1", "SIDECAR_ROUTES__0__MODE": "off"}
    flags = {"admin.listen": "127.0.0.1:0"}
    found = sources_of(read(TEXT, environ, flags), TEXT.encode(), environ, CHECKS, flags)
    told = {
        "mode": "line 1",
        "policies.default.max_file": "line 4",
        "policies.default.files.types": "line 5",
        "policies.avatars.max_files": "line 7",
        "policies.avatars.max_file": "line 4",
        "routes[0].path": "line 9",
        "routes[0].mode": "SIDECAR_ROUTES__0__MODE",
        "upstream.url": "SIDECAR_UPSTREAM__URL",
        "admin.listen": "--admin-listen",
        "upstream.retries": "default",
        "policies.avatars.max_parts": "default",
        "policies.avatars.files.deny_suffixes": "default",
    }
    assert {path: found[path] for path in told} == told


def test_no_value_is_left_out(read):
    config = read("{}")
    found = sources_of(config, b"{}", {}, CHECKS, {})
    assert set(found.values()) == {"default"}
    assert {path.partition(".")[0] for path in found} == set(fields_of(type(config)))


def test_what_a_preset_brings_has_it_for_its_source(read):
    text = "policies: {a: {preset: media, max_file: 1MiB}, default: {max_body: 9MiB}}"
    found = sources_of(read(text), text.encode(), {}, CHECKS, {})
    told = {"preset": "line 1", "max_file": "line 1", "max_body": "preset media", "files.types": "preset media"}
    assert {name: found[f"policies.a.{name}"] for name in told} == told
    assert found["policies.a.max_parts"] == "default"
