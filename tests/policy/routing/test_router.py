import timeit
from posixpath import normpath
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sidecar.policy.routing.router import Router
from sidecar.policy.settings.model import Config, Files, Mode, Policy, Route

DEFAULT = Policy(max_file=32)
AVATARS = Policy(max_file=5, files=Files(types=("image/*",)))
BACKUP = Policy(max_file=1000, files=Files(types=("image/png", "application/zip")))
POLICIES = {"default": DEFAULT, "avatars": AVATARS, "backup": BACKUP}
ROUTES = (
    Route(path="/api/avatars", name="avatars", policy="avatars", mode=Mode.ENFORCE),
    Route(path="/api", name="api"),
    Route(path="/backup/", policy="backup", mode=Mode.OFF),
    Route(path="/only-put", name="put", policy="avatars", methods=("PUT", "PATCH")),
    Route(path="/only-put", name="others", policy="backup"),
    Route(path="/my%20files", name="my files", policy="avatars"),
    Route(path="/café", name="cafe", policy="avatars"),
)


def router(*routes, mode=Mode.MONITOR, policies=POLICIES):
    return Router(Config(mode=mode, policies=policies, routes=routes))


@pytest.fixture(scope="module")
def routed():
    return router(*ROUTES)


@pytest.mark.parametrize(
    ("path", "label", "policy", "mode"),
    [
        ("/api/avatars", "avatars", "avatars", Mode.ENFORCE),
        ("/api/avatars/", "avatars", "avatars", Mode.ENFORCE),
        ("/api/avatars/7/large", "avatars", "avatars", Mode.ENFORCE),
        ("/api/avatars?next=/api", "avatars", "avatars", Mode.ENFORCE),
        ("/api/avatars#x", "avatars", "avatars", Mode.ENFORCE),
        ("/api/avatars2", "api", "default", Mode.MONITOR),
        ("/api", "api", "default", Mode.MONITOR),
        ("/apis", "default", "default", Mode.MONITOR),
        ("/", "default", "default", Mode.MONITOR),
        ("/?/api/avatars", "default", "default", Mode.MONITOR),
        ("", "default", "default", Mode.MONITOR),
        ("*", "default", "default", Mode.MONITOR),
        ("/backup", "/backup/", "backup", Mode.OFF),
        ("/backup/x", "/backup/", "backup", Mode.OFF),
        ("/backups", "default", "default", Mode.MONITOR),
        ("/my%20files/x", "my files", "avatars", Mode.MONITOR),
        ("/caf%C3%A9", "cafe", "avatars", Mode.MONITOR),
        ("/caf%c3%a9", "cafe", "avatars", Mode.MONITOR),
        ("/café", "cafe", "avatars", Mode.MONITOR),
        ("/backup/a%2Fb%20c;v=1/..x/d..", "/backup/", "backup", Mode.OFF),
    ],
)
def test_the_longest_path_that_fits_whole_segments_wins(routed, path, label, policy, mode):
    for sent in (path, path.encode()):
        match = routed.match("POST", sent)
        assert (match.label, match.policy_name, match.mode) == (label, policy, mode)
        assert match.policy == POLICIES[policy]
        assert match.named is (label != "default")


@pytest.mark.parametrize(
    ("method", "label"),
    [("PUT", "put"), ("put", "put"), ("PATCH", "put"), ("POST", "others"), ("", "others"), ("X" * 100, "others")],
)
def test_a_route_that_names_the_method_goes_before_one_that_takes_all(routed, method, label):
    assert routed.match(method, "/only-put/x").label == label


def test_a_route_for_other_methods_leaves_the_request_to_a_shorter_path():
    match = router(Route(path="/a/b", methods=("PUT",)), Route(path="/a")).match("POST", "/a/b/c")
    assert match.label == "/a"


def test_the_root_is_a_prefix_of_everything():
    for path in ("/", "", "*", "/x/y", "//"):
        assert router(Route(path="/", name="all")).match("POST", path).label == "all"


@pytest.mark.parametrize(
    ("own", "overall", "result"),
    [
        (None, Mode.OFF, Mode.OFF),
        (None, Mode.MONITOR, Mode.MONITOR),
        (None, Mode.ENFORCE, Mode.ENFORCE),
        (Mode.ENFORCE, Mode.OFF, Mode.OFF),
        (Mode.MONITOR, Mode.OFF, Mode.OFF),
        (Mode.ENFORCE, Mode.MONITOR, Mode.ENFORCE),
        (Mode.OFF, Mode.ENFORCE, Mode.OFF),
        (Mode.MONITOR, Mode.ENFORCE, Mode.MONITOR),
    ],
)
def test_a_route_has_its_own_mode_but_a_global_off_wins(own, overall, result):
    assert router(Route(path="/a", mode=own), mode=overall).match("POST", "/a").mode is result
    assert router(Route(path="/a", mode=own), mode=overall).match("POST", "/b").mode is overall


SPELLINGS = [
    "/api/%61vatars",
    "/api/avatar%73/7",
    "/api/%2561vatars",
    "/%61%70%69/avatars",
    "/api%2favatars",
    "/api%2Favatars",
    "/api%252favatars",
    "//api/avatars",
    "//x/api/avatars",
    "//x:80/api/avatars/7",
    "///x/api/avatars",
    "/\\x/api/avatars",
    "/%2fx/api%2favatars",
    "//x/y/../api/avatars",
    "/api//avatars",
    "/api///avatars",
    "/./api/avatars",
    "/api/./avatars",
    "/x/../api/avatars",
    "/x/%2e%2e/api/avatars",
    "/x/.%2E/api/avatars",
    "/x/..%2fapi/avatars",
    "/api/x/..;/avatars",
    "/api;v=1/avatars",
    "/api/avatars;jsessionid=1",
    "/api/avatars;/x",
    "\\api\\avatars",
    "/api\\avatars",
    "/api%5cavatars",
    "/API/Avatars",
    "/api/AVATARS/7",
    "/api/avatars.",
    "/api/avatars%20",
    "/api/avatars%00.png",
    "/api/avatars%0a",
    "/api/avatars%0A",
    "/api/avatars/7%0d%0a",
    "/api/avatars%250a",
    "/api/ava%0atars",
    "/%09api/avatars",
    "/api/avatars\n",
    "/api/avatars%3fx",
    "/api/avatars%23",
    "/api/x/../avatars",
    "/api/%c0%afavatars",
    "/x/%c0%ae%c0%ae/api/avatars",
    "/api/./%2e/avatars",
    "/..//../api/avatars",
    "/api/;/avatars",
    "/x\\..\\api\\avatars",
    "/api/avatar\u017f",
]


def assert_held_to_avatars(routed, path):
    for sent in (path, path.encode()):
        match = routed.match("POST", sent)
        assert match.label == "avatars"
        assert match.named
        assert match.mode is Mode.ENFORCE
        assert match.policy.max_file <= AVATARS.max_file
        assert set(match.policy.files.types) <= {"image/*", "image/png"}


@pytest.mark.parametrize("path", SPELLINGS)
def test_no_spelling_of_a_routed_path_slips_past_to_a_weaker_policy(routed, path):
    assert_held_to_avatars(routed, path)


@pytest.mark.parametrize(
    "path",
    [
        "/index.php/api/avatars",
        "/%69ndex.php/api/avatars",
        "/INDEX.PHP/api/avatars/7",
        "/app_dev.php/api/avatars.json",
        "/api/index.php/avatars",
        "/a.cgi/b.php/api/avatars",
        "/api/avatars.json",
        "/api/avatars.json/",
        "/api/avatars.tar.json",
        "/api/avatars%2ejson",
        "/api/avatars.json;v=1",
        "/API/Avatars.JSON",
        "//index.php//api/avatars",
        "/x/../index.php/api/avatars",
        "/backup/../index.php/api/avatars.xml",
    ],
)
def test_another_name_of_a_routed_path_is_held_to_its_policy_too(routed, path):
    assert_held_to_avatars(routed, path)


def test_another_name_under_a_lenient_route_is_held_to_the_strict_one():
    both = router(Route(path="/index.php", policy="backup", mode=Mode.OFF), Route(path="/a", policy="avatars"))
    assert both.match("POST", "/index.php/a").policy.max_file == AVATARS.max_file
    assert both.match("POST", "/index.php/b").policy_name == "backup"


def test_a_lenient_route_does_not_reach_to_what_may_be_another_endpoint():
    match = router(Route(path="/a", policy="backup", mode=Mode.OFF), mode=Mode.ENFORCE).match("POST", "/a.php")
    assert (match.policy.max_file, match.mode) == (DEFAULT.max_file, Mode.ENFORCE)


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/v1.0/upload", "backup"),
        ("/v1.0/upload/a.pdf", "backup"),
        ("/index.php/upload", "backup"),
        ("/index.php/upload/7", "backup"),
        ("/report.v1.pdf", "backup"),
        ("/files/a.php/b.tar.gz", "backup"),
        ("/files/../files/a.json", "backup"),
        ("/v1.1/x.json", "default"),
        ("/v1/x.json", "avatars"),
        ("/.json", "default"),
        ("/a..b", "default"),
    ],
)
def test_a_route_that_names_a_path_with_dots_rules_it_alone(path, policy):
    named = ("/v1.0/upload", "/index.php/upload", "/report.v1.pdf", "/files")
    routes = [Route(path=path, policy="backup") for path in named]
    match = router(*routes, Route(path="/v1", policy="avatars"), policies=POLICIES).match("POST", path)
    assert match.policy_name == policy


@pytest.mark.parametrize(
    "path",
    [
        "/backup/../api/avatars",
        "/backup/%2e%2e/api/avatars",
        "/backup/..%2fapi%2favatars",
        "/backup/..;/api/avatars",
        "/backup/../api/avatars/..;/..;/..;/backup/x",
        "/backup\\..\\api\\avatars",
        "/backup/%252e%252e/api/avatars",
        "/api/avatars/../../backup",
        "/api/avatars/%2e%2e/%2e%2e/backup",
        "/backup/../api/avatars/%2e%2e/%2e%2e/backup",
    ],
)
def test_a_path_that_can_be_read_under_two_routes_is_held_to_the_strictest_of_both(routed, path):
    match = routed.match("POST", path)
    assert match.label == "avatars"
    assert set(match.policy_name.split("+")) >= {"avatars", "backup"}
    assert match.policy.max_file == AVATARS.max_file
    assert match.policy.files.types == ("image/png",)
    assert match.mode is Mode.ENFORCE


def test_routes_that_differ_only_in_capitals_are_told_apart_but_held_to_the_strictest():
    both = router(Route(path="/A", policy="backup"), Route(path="/a", policy="avatars"))
    assert {both.match("POST", path).policy.max_file for path in ("/A", "/a")} == {AVATARS.max_file}


def test_a_path_that_can_be_read_in_too_many_ways_is_held_to_the_strictest_of_all(routed):
    match = routed.match("POST", "/x/../%2e%2e/;a/..\\%255c." * 300)
    assert (match.policy.max_file, match.policy.files.types, match.mode) == (5, ("image/png",), Mode.ENFORCE)


def test_a_global_off_is_off_for_every_spelling():
    for path in SPELLINGS:
        assert router(*ROUTES, mode=Mode.OFF).match("POST", path).mode is Mode.OFF


@given(st.binary() | st.text(), st.text(max_size=30))
def test_no_path_and_no_method_make_the_router_raise(routed, path, method):
    assert routed.match(method, path).policy.max_file <= 1000
    assert routed.match(method, b"/" + path if isinstance(path, bytes) else "/" + path).mode


@given(st.data())
def test_a_routed_path_encoded_in_any_way_is_still_routed(routed, data):
    encoded = "/api/avatars/7"
    for _ in range(data.draw(st.integers(0, 2))):
        chosen = data.draw(st.sets(st.integers(1, len(encoded) - 1)))
        spell = data.draw(st.sampled_from([str.upper, str.lower]))
        encoded = "".join(spell(f"%{ord(char):02x}") if index in chosen else char for index, char in enumerate(encoded))
    assert routed.match("POST", encoded).label == "avatars"


@given(
    st.lists(st.sampled_from(["", ".", "..", "api", "avatars", "backup", "%2e%2e", "..;", "x", "..%2f"]), max_size=8),
    st.booleans(),
)
def test_whatever_a_simple_server_resolves_a_path_to_its_policy_applies(routed, segments, decode_first):
    path = "/" + "/".join(segments)
    read = normpath(unquote(path) if decode_first else path).replace("//", "/")
    read = read if decode_first else unquote(read)
    expected = routed.match("POST", quote(read))
    assert routed.match("POST", path).policy.max_file <= expected.policy.max_file


@given(st.text(alphabet="abcdefgh/-_0123456789", min_size=1))
def test_a_plain_path_has_exactly_one_policy(routed, path):
    assume("//" not in path)
    assert "+" not in routed.match("POST", f"/{path.strip('/')}").policy_name


def test_a_common_request_is_matched_in_microseconds(routed):
    routed.match("POST", "/api/avatars/7")
    seconds = min(timeit.repeat(lambda: routed.match("POST", "/api/avatars/7"), number=2000, repeat=5)) / 2000
    assert seconds < 20e-6


def test_a_hostile_path_costs_little(routed):
    for path in (
        "/" + "%25" * 2700,
        "/.." * 2700,
        "/" * 8000,
        "/a.php" * 1300,
        "/" + "." * 8000,
        "/" + "a." * 4000,
        "/x/../%2e%2e/;a/..\\" * 400,
    ):
        assert min(timeit.repeat(lambda path=path: routed.match("POST", path), number=1, repeat=5)) < 0.1
