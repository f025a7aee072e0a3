import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.settings.model import Mode
from tests.policy.conftest import NamesSettings, problems_of

FILE = """\
mode: monitor
policies:
  default: {max_body: 10MiB}
  Big-Ones: {max_body: 20MiB}
routes:
  - path: /a
  - path: /b
    policy: Big-Ones
"""


def test_flags_win_over_the_environment_that_over_the_file_and_that_over_defaults(read):
    assert read("{}").mode is Mode.MONITOR
    assert read("mode: 'off'").mode is Mode.OFF
    assert read("mode: monitor", {"SIDECAR_MODE": "enforce"}).mode is Mode.ENFORCE
    assert read("mode: monitor", {"SIDECAR_MODE": "monitor"}, {"mode": "enforce"}).mode is Mode.ENFORCE


@pytest.mark.parametrize(
    ("text", "environ", "flags"),
    [
        ("mode: off", {"SIDECAR_MODE": "enforce"}, {}),
        ("mode: false", {"SIDECAR_MODE": "enforce"}, {"mode": "enforce"}),
        ("mode: enforce", {"SIDECAR_MODE": "Off"}, {"mode": "enforce"}),
        ("mode: enforce", {"SIDECAR_MODE": "enforce"}, {"mode": "off"}),
    ],
)
def test_off_is_off_wherever_it_is_said(read, text, environ, flags):
    assert read(text, environ, flags).mode is Mode.OFF


@pytest.mark.parametrize(
    ("name", "value", "path", "expected"),
    [
        ("SIDECAR_MODE", "off", ("mode",), Mode.OFF),
        ("SIDECAR_MODE", " Off\n", ("mode",), Mode.OFF),
        ("SIDECAR_UPSTREAM__URL", "http://app:1", ("upstream", "url"), "http://app:1"),
        ("SIDECAR_CLIENT__IDLE_TIMEOUT", "5m", ("client", "idle_timeout"), 300.0),
        ("SIDECAR_CHANGE__REASON", "[not a list], see: #1", ("change", "reason"), "[not a list], see: #1"),
        ("SIDECAR_CHANGE__REASON", "", ("change", "reason"), ""),
        ("SIDECAR_SPOOL", "{memory: 2MiB}", ("spool", "memory"), 2 * 1024**2),
        ("SIDECAR_POLICIES__DEFAULT__MAX_BODY", "33MiB", ("policies", "default", "max_body"), 33 * 1024**2),
        ("SIDECAR_POLICIES__BIG_ONES__MAX_PARTS", "77", ("policies", "Big-Ones", "max_parts"), 77),
        ("SIDECAR_POLICIES__NEW__MAX_PARTS", "77", ("policies", "new", "max_parts"), 77),
        (
            "SIDECAR_POLICIES__DEFAULT__FILES__TYPES",
            "image/png, image/*",
            ("policies", "default", "files", "types"),
            ("image/png", "image/*"),
        ),
        (
            "SIDECAR_POLICIES__DEFAULT__FILES__TYPES",
            "[image/png]",
            ("policies", "default", "files", "types"),
            ("image/png",),
        ),
        ("SIDECAR_POLICIES__DEFAULT__FILES__TYPES", "[]", ("policies", "default", "files", "types"), ()),
        (
            "SIDECAR_POLICIES__DEFAULT__FILES__DENY_SUFFIXES",
            "exe,",
            ("policies", "default", "files", "deny_suffixes"),
            ("exe",),
        ),
        ("SIDECAR_POLICIES__DEFAULT__CHECKS", "off", ("policies", "default", "checks"), "off"),
        ("SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES", "off", ("policies", "default", "checks"), {"names": "off"}),
        (
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES",
            "{strict: off}",
            ("policies", "default", "checks"),
            {"names": NamesSettings(strict=False)},
        ),
        (
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES__LEVELS",
            "a,b",
            ("policies", "default", "checks"),
            {"names": NamesSettings(levels=("a", "b"))},
        ),
        ("SIDECAR_ROUTES__1__MODE", "off", ("routes", 1, "mode"), Mode.OFF),
        ("SIDECAR_ROUTES__0__METHODS", "post,put", ("routes", 0, "methods"), ("POST", "PUT")),
        ("SIDECAR_ROUTES", "[{path: /z}]", ("routes", 0, "path"), "/z"),
    ],
)
def test_any_setting_can_come_from_the_environment(read, name, value, path, expected):
    found = read(FILE, {name: value})
    for step in path:
        found = found[step] if isinstance(found, dict | tuple) else getattr(found, step)
    assert found == expected


def test_inner_variables_refine_outer_ones(read):
    config = read(FILE, {"SIDECAR_ROUTES__0__MODE": "off", "SIDECAR_ROUTES": "[{path: /z}]"})
    assert [(route.path, route.mode) for route in config.routes] == [("/z", Mode.OFF)]


def test_what_the_environment_does_not_name_stays_as_in_the_file(read):
    config = read(FILE, {"SIDECAR_POLICIES__DEFAULT__MAX_PARTS": "7", "PATH": "/bin", "SIDECARMODE": "x"})
    assert (config.policies["default"].max_parts, config.policies["default"].max_body) == (7, 10 * 1024**2)


@pytest.mark.parametrize(
    ("name", "value", "place", "message"),
    [
        ("SIDECAR_MOD", "off", "SIDECAR_MOD", "did you mean `MODE`?"),
        ("SIDECAR_", "x", "SIDECAR_", "unknown setting"),
        ("SIDECAR_MODE__X", "off", "SIDECAR_MODE__X", "unknown setting"),
        ("SIDECAR___MODE", "off", "SIDECAR___MODE", "unknown setting"),
        ("SIDECAR_ADMIN__LISTN", "x", "SIDECAR_ADMIN__LISTN", "did you mean `LISTEN`?"),
        ("SIDECAR_MODE", "of", "SIDECAR_MODE", "is not valid"),
        ("SIDECAR_MODE", "", "SIDECAR_MODE", "is not valid"),
        ("SIDECAR_ADMIN", "x", "SIDECAR_ADMIN", "is not valid"),
        ("SIDECAR_ADMIN", "{listn: x}", "SIDECAR_ADMIN.listn", "did you mean `listen`?"),
        ("SIDECAR_ADMIN", "{listen: x", "SIDECAR_ADMIN", "this is not YAML"),
        ("SIDECAR_ROUTES", "[{path: x}]", "SIDECAR_ROUTES[0].path", "is not valid"),
        ("SIDECAR_ROUTES__5__MODE", "off", "SIDECAR_ROUTES__5__MODE", "no such setting"),
        ("SIDECAR_ROUTES__X__MODE", "off", "SIDECAR_ROUTES__X__MODE", "unknown setting"),
        ("SIDECAR_ROUTES__" + "9" * 5000 + "__MODE", "off", "SIDECAR_ROUTES__" + "9" * 101 + "...", "no such setting"),
        ("SIDECAR_\x1f", "off", "SIDECAR_\\u001f", "unknown setting"),
        (
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAME",
            "off",
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAME",
            "did you mean `NAMES`?",
        ),
        (
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES",
            "maybe",
            "SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES",
            "is not valid",
        ),
        ("SIDECAR_POLICIES__DEFAULT__MAX_FILES", "x", "SIDECAR_POLICIES__DEFAULT__MAX_FILES", "is not valid"),
        ("SIDECAR_CHANGE__OWNER", "\udcff", "SIDECAR_CHANGE__OWNER", "is not UTF-8"),
        ("SIDECAR_CHANGE__OWNER", "x" * 70_000, "SIDECAR_CHANGE__OWNER", "is too long"),
    ],
)
def test_a_wrong_variable_is_called_by_its_name(only, name, value, place, message):
    problem = only(FILE, {name: value})
    assert problem.path == place
    assert problem.line is None
    assert message in problem.message


@pytest.mark.parametrize("value", ["", " ", "\n", ",", " , ,"])
@pytest.mark.parametrize(
    "name",
    [
        "SIDECAR_ROUTES",
        "SIDECAR_ROUTES__0__METHODS",
        "SIDECAR_POLICIES__DEFAULT__FILES__DENY_SUFFIXES",
        "SIDECAR_POLICIES__DEFAULT__SCANNERS__USE",
        "SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES__LEVELS",
    ],
)
def test_an_empty_variable_empties_no_list(only, name, value):
    problem = only(FILE, {name: value})
    assert (problem.path, problem.message, problem.expected) == (
        name,
        "names nothing",
        "a list, or [] for an empty one",
    )


def test_a_variable_below_a_value_that_is_no_mapping_is_an_error(only):
    problem = only("policies: {default: {checks: off}}", {"SIDECAR_POLICIES__DEFAULT__CHECKS__NAMES": "on"})
    assert problem.message == "leads through what holds no such setting"


@pytest.mark.parametrize(
    "name",
    [
        "SIDECAR_SERVICE_HOST",
        "SIDECAR_SERVICE_PORT",
        "SIDECAR_SERVICE_PORT_HTTP",
        "SIDECAR_PORT",
        "SIDECAR_PORT_80_TCP",
        "SIDECAR_PORT_80_TCP_ADDR",
        "SIDECAR_PORT_80_TCP_PROTO",
        "SIDECAR_ADMIN_SERVICE_HOST",
        "SIDECAR_A_B_PORT_53_UDP",
    ],
)
def test_variables_that_kubernetes_sets_for_a_service_of_our_name_are_left_alone(read, name):
    assert read("mode: off", {name: "tcp://10.0.0.1:80"}).mode is Mode.OFF


@pytest.mark.parametrize(
    ("flag", "value", "place"),
    [("mode", "of", "--mode"), ("admin.listen", "x", "--admin-listen"), ("upstream.url", "x", "--upstream")],
)
def test_a_wrong_flag_is_called_by_its_name(only, flag, value, place):
    assert only("{}", {}, {flag: value}).path == place


@given(
    st.dictionaries(
        st.text().map("SIDECAR_{}".format) | st.sampled_from(["SIDECAR_MODE", "SIDECAR_ROUTES"]), st.text(), max_size=3
    )
)
def test_no_environment_does_anything_but_load_or_raise_a_config_error(environ):
    assert all(problem.text("x").isprintable() for problem in problems_of(FILE, environ))
