"""Fields that name another method or path to some services."""

import timeit

import pytest

from sidecar.policy.routing.router import MOST_MOVED, Router
from sidecar.policy.settings.model import Config, Mode, Policy, Route
from sidecar.proxy.http.moved import moved
from sidecar.proxy.http.request_head import RequestHead

STRICT, PUTS = Policy(max_file=5), Policy(max_file=6)
ROUTER = Router(
    Config(
        mode=Mode.MONITOR,
        policies={"strict": STRICT, "puts": PUTS},
        routes=(
            Route(path="/upload", policy="strict", mode=Mode.ENFORCE),
            Route(path="/files", policy="puts", methods=("PUT",)),
        ),
    )
)


def matched(target, *fields, method="POST"):
    head = RequestHead(method, target, (1, 1), ((b"Host", b"a"), *fields))
    return ROUTER.match(method, head.path, moved(head))


@pytest.mark.parametrize(
    "name", [b"SCRIPT_NAME", b"Script-Name", b"script.name", b"X-Script-Name", b"X-Forwarded-Prefix"]
)
@pytest.mark.parametrize(
    ("target", "mount"),
    [
        (b"/x/upload", b"/x"),
        (b"/x/upload", b"/x/"),
        (b"/xupload", b"/x"),
        (b"/%78/upload", b"/x"),
        (b"/x/upload", b"/%78"),
        (b"/X/upload", b"/x"),
        (b"/x/upload?y", b"/x"),
        (b"/x/%75pload", b"/x"),
        (b"/x/index.php/upload", b"/x"),
        (b"/x/y/../upload", b"/x"),
    ],
)
def test_a_path_is_also_judged_behind_where_the_service_is_told_it_is_mounted(name, target, mount):
    match = matched(target, (name, mount))
    assert (match.label, match.mode, match.policy.max_file) == ("/upload", Mode.ENFORCE, 5)


@pytest.mark.parametrize("name", [b"X-Original-URL", b"x_rewrite_url", b"X-Rewrite-Url"])
@pytest.mark.parametrize(
    "target",
    [b"/upload", b"/upload?x=1", b"/%75pload", b"upload", b"http://a/upload", b"https://a:1/upload/7", b"//a/upload"],
)
def test_a_target_that_a_field_tells_is_judged_too(name, target):
    assert matched(b"/other", (name, target)).mode is Mode.ENFORCE


def test_a_told_target_may_be_mounted():
    assert matched(b"/other", (b"X-Original-URL", b"/x/upload"), (b"SCRIPT_NAME", b"/x")).mode is Mode.ENFORCE


def test_whoever_tells_another_target_is_still_held_to_the_first():
    match = matched(b"/upload", (b"X-Original-URL", b"/other"), (b"SCRIPT_NAME", b"/upload"))
    assert (match.mode, match.policy.max_file) == (Mode.ENFORCE, 5)


@pytest.mark.parametrize("name", [b"X-HTTP-Method-Override", b"X_HTTP_Method", b"x-method-override"])
def test_a_method_that_a_field_tells_is_judged_too(name):
    assert matched(b"/files/7", (name, b"put")).policy.max_file == 6
    assert matched(b"/files/7", (name, b"PATCH")).label == "default"


def test_the_last_of_several_counts_and_so_do_the_others():
    assert matched(b"/x/y/upload", (b"SCRIPT_NAME", b"/x"), (b"SCRIPT_NAME", b"/x/y")).mode is Mode.ENFORCE


def test_too_many_are_held_to_the_strictest_of_all():
    fields = [(b"X-Original-URL", b"/%d" % number) for number in range(MOST_MOVED + 1)]
    assert matched(b"/other", *fields).mode is Mode.ENFORCE


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ((b"X-Forwarded-Prefix", b"/app"),),
        ((b"SCRIPT_NAME", b""),),
        ((b"SCRIPT_NAME", b"/"),),
        ((b"X-Original-URL", b"/other?next=/upload"),),
        ((b"X-Original-URL", b""),),
        ((b"X-HTTP-Method-Override", b""),),
        ((b"X-Original-Uri", b"/upload"),),
    ],
)
def test_what_leads_nowhere_else_changes_nothing(fields):
    assert matched(b"/other", *fields) == matched(b"/other")


def test_hostile_fields_cost_little():
    target = b"/x/../%2e%2e/;a/..\\" * 400
    fields = [(name, target) for name in (b"SCRIPT_NAME", b"X-Original-URL", b"X-HTTP-Method") for _ in range(40)]
    assert min(timeit.repeat(lambda: matched(target, *fields), number=1, repeat=5)) < 0.1
