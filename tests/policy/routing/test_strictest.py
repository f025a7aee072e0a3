import pytest

from sidecar.policy.loading.reading import read
from sidecar.policy.loading.tree import settings_below
from sidecar.policy.routing.strictest import strictest, strictest_mode
from sidecar.policy.settings.bodies import Bodies
from sidecar.policy.settings.model import Files, Mode, Policy, Scanning
from sidecar.policy.settings.uploads import Inside
from tests.policy.conftest import NamesSettings


def test_the_lowest_of_every_limit_holds():
    both = strictest(
        [Policy(max_body=9, max_file=5, max_parts=3), Policy(max_body=8, max_file=6, max_files=1, max_field=2)]
    )
    assert (both.max_body, both.max_file, both.max_parts, both.max_files, both.max_field) == (8, 5, 3, 1, 2)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("*/*",), ("image/png",), ("image/png",)),
        (("image/*", "text/plain"), ("image/png", "text/*"), ("image/png", "text/plain")),
        (("image/png",), ("text/plain",), ()),
        ((), ("*/*",), ()),
    ],
)
def test_only_types_that_both_let_in(one, other, both):
    for pair in ((one, other), (other, one)):
        assert set(strictest(Policy(files=Files(types=types)) for types in pair).files.types) == set(both)


def test_suffixes_that_either_refuses():
    pair = (Policy(files=Files(deny_suffixes=("a", "b"))), Policy(files=Files(deny_suffixes=("b", "c"))))
    assert set(strictest(pair).files.deny_suffixes) == {"a", "b", "c"}


def test_metadata_go_where_either_removes_them():
    pair = (Policy(files=Files(metadata="keep")), Policy(files=Files(metadata="strip")))
    assert {strictest(order).files.metadata for order in (pair, pair[::-1])} == {"strip"}


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [("forward", "forward", "forward"), ("refuse", "forward", "refuse"), ("refuse", "refuse", "refuse")],
)
def test_what_was_not_examined_is_forwarded_only_if_both_say_so(one, other, both):
    assert strictest([Policy(not_examined=one), Policy(not_examined=other)]).not_examined == both


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("off", "off", "off"),
        ("off", {}, {}),
        ("off", {"x": "off"}, {"x": "off"}),
        ({"x": "off"}, {"x": "off"}, {"x": "off"}),
        ({"x": "off"}, {}, {"x": "on"}),
        ({"x": NamesSettings(longest=999)}, {"x": "off"}, {"x": NamesSettings(longest=999)}),
        ({"x": NamesSettings(longest=3)}, {"x": "on"}, {"x": NamesSettings(longest=3)}),
    ],
)
def test_a_check_is_on_if_either_wants_it(one, other, both):
    assert strictest([Policy(checks=one), Policy(checks=other)]).checks == both
    assert strictest([Policy(checks=other), Policy(checks=one)]).checks == both


@pytest.mark.parametrize("other", ["on", None])
def test_settings_that_let_in_more_than_the_defaults_do_not_hold_where_the_check_is_on(other):
    lenient = Policy(checks={"x": NamesSettings(longest=999, strict=False, levels=("a",))})
    defaults = Policy(checks={} if other is None else {"x": other})
    for pair in ((lenient, defaults), (defaults, lenient)):
        assert strictest(pair).checks == {"x": NamesSettings(levels=("a",))}


def test_of_settings_that_differ_the_stricter_value_of_each_holds():
    pair = [NamesSettings(longest=3, strict=False, levels=("a",)), NamesSettings(longest=9, levels=("b",))]
    for one, other in (pair, pair[::-1]):
        (both,) = strictest([Policy(checks={"x": one}), Policy(checks={"x": other})]).checks.values()
        assert (both.longest, both.strict, set(both.levels)) == (3, True, {"a", "b"})


def test_one_policy_is_itself():
    policy = Policy(max_file=3)
    assert strictest([policy]) is policy


def test_enforce_is_stricter_than_monitor_and_that_than_off():
    assert strictest_mode([Mode.OFF, Mode.ENFORCE, Mode.MONITOR]) is Mode.ENFORCE
    assert strictest_mode([Mode.OFF, Mode.MONITOR]) is Mode.MONITOR
    assert strictest_mode([Mode.OFF]) is Mode.OFF


def weakest_and_strictest():
    """For every setting of a policy, a value that lets in more, and one that lets in less."""
    return {
        "preset": ("none", "none"),  # only tells where values came from
        "max_body": (2, 1), "max_parts": (2, 1), "max_files": (2, 1), "max_file": (2, 1), "max_field": (2, 1),
        "files": (Files(), Files(types=(), deny_suffixes=("php",))),
        "files.types": (("*/*",), ("image/png",)), "files.deny_suffixes": (("php",), ("php", "jsp")),
        "files.metadata": ("keep", "strip"),
        "bodies": (Bodies(encodings=("gzip",)), Bodies()),
        "bodies.uninspected": (("application/*",), ("application/json",)), "bodies.json_files": ((), ("avatar",)),
        "bodies.json_names": ((), ("name",)), "bodies.json_max": (2, 1), "bodies.encodings": (("gzip",), ()),
        "bodies.partial": ("forward", "refuse"),
        "inside": (Inside(max_depth=2), Inside(max_depth=1)), "inside.max_depth": (2, 1), "inside.max_files": (2, 1),
        "inside.max_file": (2, 1), "inside.max_bytes": (2, 1), "inside.max_kept": (2, 1),
        "not_examined": ("forward", "refuse"), "checks": ("off", {}),
        "scanners": (Scanning(), Scanning(use=("a",))), "scanners.use": ((), ("a",)),
        "scanners.run": ("side_by_side", "side_by_side"),
        "scanners.on_not_examined": ("forward", "refuse"), "scanners.on_down": ("forward", "refuse"),
    }  # fmt: skip


def test_every_setting_of_a_policy_has_its_place_in_the_test_below():
    assert {setting.path for setting in settings_below(Policy)} == set(weakest_and_strictest())


@pytest.mark.parametrize(
    "path", [path for path in weakest_and_strictest() if path not in ("files", "bodies", "inside", "scanners")]
)
def test_of_every_setting_the_stricter_value_holds_whichever_comes_first(path):
    def policy(value):
        group, _, name = path.rpartition(".")
        return read(Policy, {group: {name: value}} if group else {name: value})

    weak, strict = weakest_and_strictest()[path]
    for pair in ((weak, strict), (strict, weak)):
        assert strictest(map(policy, pair)) == policy(strict)


@pytest.mark.parametrize("path", [path for path in weakest_and_strictest() if not path.startswith("scanners.on_")])
def test_what_all_policies_say_holds_however_much_it_lets_in(path):
    for value in weakest_and_strictest()[path]:
        group, _, name = path.rpartition(".")
        policy = read(Policy, {group: {name: value}} if group else {name: value})
        assert strictest([policy, policy]) == policy


def scanned(*use, **settings):
    return Policy(scanners=Scanning(use=use, **settings))


def test_scanners_that_either_uses_and_only_their_users_have_a_say():
    forward = {"on_down": "forward", "on_not_examined": "forward"}
    both = strictest([Policy(), scanned("a", **forward, run="in_order"), scanned("b", **forward)])
    assert both.scanners == Scanning(use=("a", "b"), **forward, run="in_order")
    for setting in forward:
        assert getattr(strictest([scanned("a", **forward), scanned("b")]).scanners, setting) == "refuse"
    assert strictest([Policy(), Policy()]).scanners == Scanning()
