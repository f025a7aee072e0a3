import pytest

from sidecar.policy.loading.load import load
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.scanners import Engine, parse_engine
from sidecar.policy.values.addresses import TcpAddress, UnixAddress


@pytest.mark.parametrize(
    ("url", "engine"),
    [
        ("clamd:///run/clamav/clamd.ctl", Engine("clamd", UnixAddress("/run/clamav/clamd.ctl"))),
        ("clamd://127.0.0.1", Engine("clamd", TcpAddress("127.0.0.1", 3310))),
        ("clamd://[::1]:3311", Engine("clamd", TcpAddress("::1", 3311))),
        ("icap://av.test/avscan", Engine("icap", TcpAddress("av.test", 1344), "avscan")),
        ("icap://av.test:11344/a/b", Engine("icap", TcpAddress("av.test", 11344), "a/b")),
        ("yara:///etc/yara/", Engine("yara", None, "/etc/yara")),
    ],
)
def test_a_url_names_an_engine(url, engine):
    assert parse_engine(url) == engine


@pytest.mark.parametrize(
    "url",
    [
        *("", "clamd://", "clamd:///", "clamd://host/path", "clamd://host:0", "clamd:// host", "http://host"),
        *("icap://host", "icap://host/", "icap:///service", "icap://host/a b", "icap://host/a?b", "yara://host/rules"),
        *("yara://", "clamd:///" + 110 * "x"),
    ],
)
def test_anything_else_is_told_what_one_looks_like(url):
    with pytest.raises(ValueError, match="expected"):
        parse_engine(url)


def test_a_policy_uses_only_scanners_that_there_are():
    text = "scanners: {a: {url: 'clamd:///run/a'}}\npolicies: {default: {scanners: {use: [a, b]}}}"
    with pytest.raises(ConfigError) as caught:
        load(text, {}, {})
    assert [problem.path for problem in caught.value.problems] == ["policies.default.scanners.use[1]"]


def test_policies_build_on_the_scanners_of_default():
    text = """
scanners: {a: {url: 'clamd:///run/a'}}
policies:
  default: {scanners: {use: [a], on_down: forward}}
  large: {scanners: {on_not_examined: forward}}
"""
    large = load(text, {}, {}).policies["large"].scanners
    assert (large.use, large.on_down, large.on_not_examined) == (("a",), "forward", "forward")


@pytest.mark.parametrize(
    ("workers", "scans", "problems"), [(4, "", 0), (5, "", 1), (3, ", max_scans: 2", 1), (1, "", 0)]
)
def test_every_worker_has_a_scan_of_its_own(workers, scans, problems):
    text = f"workers: {workers}\nscanners: {{a: {{url: 'clamd:///run/a'{scans}}}}}"
    if not problems:
        load(text, {}, {})
        return
    with pytest.raises(ConfigError) as caught:
        load(text, {}, {})
    assert [problem.path for problem in caught.value.problems] == ["scanners.a.max_scans"]
