import pytest

from sidecar.policy.loading.reading import read
from sidecar.policy.routing.router import Router
from sidecar.policy.settings.model import Config, Mode, Route


@pytest.mark.parametrize(("value", "expected"), [("101", "at most 100"), ("-1", "at least 0"), ("ten", "a number")])
def test_a_percentage_that_is_none_is_a_clear_error(only, value, expected):
    problem = only(f"mode: enforce\nroutes:\n  - path: /a\n    enforce_percent: {value}\n")
    assert (problem.path, problem.line) == ("routes[0].enforce_percent", 4)
    assert (problem.expected, problem.actual) == (expected, value)


def test_a_global_percentage_of_101_is_one_too(only):
    assert only("enforce_percent: 101").text("f") == "f:1: enforce_percent: is not valid; expected at most 100, got 101"


@pytest.mark.parametrize("by", ["header", "cookie"])
def test_a_header_or_a_cookie_needs_a_name(only, by):
    assert "rollout.name" in only(f"rollout: {{by: {by}}}").expected


def test_a_name_needs_a_header_or_a_cookie(only):
    assert only("rollout: {name: session}").path == "rollout.name"


def test_on_a_unix_socket_a_share_by_address_would_be_all_or_nobody(only):
    text = "listen: unix:///run/s.sock\nroutes: [{path: /a, enforce_percent: 10}]\n"
    assert only(text).path == "routes[0].enforce_percent"


def test_a_trusted_hop_or_a_header_tells_clients_apart_on_a_unix_socket(read):
    share = "listen: unix:///run/s.sock\nenforce_percent: 10\n"
    assert read(share + "forwarded: {trusted_hops: 1}\n").enforce_percent == 10
    assert read(share + "rollout: {by: header, name: X-User}\n").rollout.name == "X-User"


def router(*routes, **settings):
    return Router(read(Config, {"routes": routes, **settings}))


def share(found, path):
    match = found.match("POST", path)
    return (match.mode, match.enforce_percent)


def test_a_route_has_the_global_share_unless_it_has_its_own():
    routed = router(Route(path="/a"), Route(path="/b", enforce_percent=0), mode=Mode.ENFORCE, enforce_percent=30)
    assert [share(routed, path) for path in ("/", "/a", "/b")] == [
        (Mode.ENFORCE, 30),
        (Mode.ENFORCE, 30),
        (Mode.ENFORCE, 0),
    ]


def test_everybody_is_in_the_share_by_default():
    assert share(router(mode=Mode.ENFORCE), "/") == (Mode.ENFORCE, 100)


@pytest.mark.parametrize(
    ("shares", "both"),
    [((10, 50), 50), ((50, 10), 50), ((10, None), 100)],
)
def test_where_a_path_can_be_read_in_two_ways_the_larger_share_holds(shares, both):
    routes = (Route(path="/a", enforce_percent=shares[0]), Route(path="/b", enforce_percent=shares[1]))
    assert share(router(*routes, mode=Mode.ENFORCE), "/a/..%2fb") == (Mode.ENFORCE, both)


def test_a_route_that_monitors_does_not_enlarge_the_share_of_one_that_enforces():
    routes = (Route(path="/a", enforce_percent=10), Route(path="/b", mode=Mode.MONITOR, enforce_percent=100))
    assert share(router(*routes, mode=Mode.ENFORCE), "/a/..%2fb") == (Mode.ENFORCE, 10)


@pytest.mark.parametrize(
    ("cap", "modes"),
    [
        (Mode.ENFORCE, (Mode.ENFORCE, Mode.MONITOR, Mode.OFF)),
        (Mode.MONITOR, (Mode.MONITOR, Mode.MONITOR, Mode.OFF)),
        (Mode.OFF, (Mode.OFF, Mode.OFF, Mode.OFF)),
    ],
)
def test_a_cap_lowers_every_route_and_raises_none(cap, modes):
    routes = (Route(path="/e", mode=Mode.ENFORCE), Route(path="/m"), Route(path="/o", mode=Mode.OFF))
    routed = Router(Config(routes=routes), cap)
    assert tuple(routed.match("POST", path).mode for path in ("/e", "/m", "/o")) == modes


def test_a_policy_has_one_digest_and_another_policy_another():
    routed = router(Route(path="/a", policy="a"), policies={"default": {}, "a": {"max_file": 1}, "b": {}})
    assert routed.match("POST", "/a").policy_digest != routed.match("POST", "/").policy_digest
    assert routed.match("POST", "/x").policy_digest == routed.match("GET", "/").policy_digest
