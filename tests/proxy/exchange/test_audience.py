"""Who a refusal is written for."""

import pytest

from sidecar.policy.settings.refusals import Refusals
from sidecar.proxy.exchange.audience import PROGRAM, audience_of
from sidecar.proxy.http.request_head import RequestHead

APP = "https://app.example.org"
BOTH = Refusals(origins=(APP, "http://localhost:3000"), pages="on")


def audience(*fields, settings=BOTH):
    return audience_of(RequestHead("POST", b"/", (1, 1), fields), settings)


@pytest.mark.parametrize("origin", [APP, "http://localhost:3000"])
def test_a_script_of_a_known_origin_may_read_it(origin):
    fields = dict(audience((b"Origin", origin.encode())).fields)
    assert fields[b"Access-Control-Allow-Origin"] == origin.encode()
    assert fields[b"Access-Control-Allow-Credentials"] == b"true"
    assert b"X-Request-ID" in fields[b"Access-Control-Expose-Headers"]
    assert fields[b"Vary"] == b"Origin"


@pytest.mark.parametrize(
    "origin", ["null", "*", "https://app.example.org.evil.org", "https://app.example.org:8443", "http://app.example.org",
               "https://APP.example.org", "https://app.example.org/", "", "https://app.example.org, null"],
)  # fmt: skip
def test_nobody_else_may(origin):
    assert audience((b"Origin", origin.encode())) == PROGRAM


def test_two_origins_are_none():
    assert audience((b"Origin", APP.encode()), (b"Origin", APP.encode())) == PROGRAM


@pytest.mark.parametrize(
    ("fields", "page"),
    [
        ([(b"Sec-Fetch-Mode", b"navigate")], True),
        ([(b"Sec-Fetch-Mode", b"cors"), (b"Accept", b"text/html")], False),
        ([(b"Accept", b"text/html,application/xhtml+xml,*/*;q=0.8")], True),
        ([(b"Accept", b"*/*")], False),
        ([(b"Accept", b"application/json, text/html")], False),
        ([], False),
    ],
)
def test_people_get_a_page_where_the_settings_say_so(fields, page):
    assert audience(*fields).wants_page is page
    assert audience(*fields, settings=Refusals()) == PROGRAM
