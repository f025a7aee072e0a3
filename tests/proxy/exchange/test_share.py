"""The share of enforcement: sticky, monotonic, and about as large as it says."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.routing.router import Match
from sidecar.policy.settings.model import Mode, Policy
from sidecar.policy.settings.rollout import Rollout
from sidecar.proxy.exchange.share import identity_of, position_of, settled

BY_ADDRESS = Rollout()
BY_COOKIE = Rollout(by="cookie", name="session")
BY_HEADER = Rollout(by="header", name="X-User")


def match(percent, mode=Mode.ENFORCE):
    return Match("r", "default", Policy(), mode, named=True, enforce_percent=percent)


def refused(percent, address="192.0.2.1", rollout=BY_ADDRESS, fields=()):
    return settled(match(percent), rollout, fields, address).mode is Mode.ENFORCE


@given(st.ip_addresses().map(str), st.floats(0, 100), st.floats(0, 100))
def test_who_is_refused_at_a_share_is_refused_at_every_larger_one(address, one, other):
    low, high = sorted((one, other))
    assert refused(high, address) >= refused(low, address)


def test_the_same_client_is_on_the_same_side_at_10_percent_and_if_refused_there_at_50():
    addresses = [f"10.{a}.{b}.7" for a in range(40) for b in range(50)]
    at_10 = {address for address in addresses if refused(10, address)}
    assert at_10 == {address for address in addresses if refused(10, address)}
    assert at_10 <= {address for address in addresses if refused(50, address)}
    assert 120 < len(at_10) < 280


@pytest.mark.parametrize("percent", [0.5, 10, 50, 99])
def test_a_share_is_about_as_large_as_it_says(percent):
    generator = random.Random(7)
    clients = [str(generator.random()) for _ in range(20_000)]
    inside = sum(position_of(b"address=" + client.encode(), "salt") < percent for client in clients)
    assert abs(inside / 200 - percent) < 1.2


def test_nobody_is_refused_at_0_and_everybody_at_100():
    addresses = [f"10.0.{number}.1" for number in range(200)]
    assert not any(refused(0, address) for address in addresses)
    assert all(refused(100, address) for address in addresses)


def test_a_position_is_the_same_in_every_process_and_version():
    assert position_of(b"address=192.0.2.1", "upload-sidecar") == pytest.approx(43.213859199)


def test_another_salt_draws_another_share():
    clients = [b"%d" % number for number in range(500)]
    shares = [{client for client in clients if position_of(client, salt) < 30} for salt in ("a", "b")]
    assert 0 < len(shares[0] & shares[1]) < min(map(len, shares))


@pytest.mark.parametrize("mode", [Mode.MONITOR, Mode.OFF])
def test_a_share_makes_no_mode_stricter(mode):
    assert settled(match(100, mode), BY_ADDRESS, (), "192.0.2.1").mode is mode
    assert settled(match(50, mode), BY_ADDRESS, (), "192.0.2.1").mode is mode


def test_outside_the_share_only_the_mode_is_another():
    outside = settled(match(0), BY_ADDRESS, (), "192.0.2.1")
    assert (outside.mode, outside.label, outside.policy) == (Mode.MONITOR, "r", match(0).policy)


@pytest.mark.parametrize(
    ("rollout", "fields", "identity"),
    [
        (BY_ADDRESS, ((b"X-User", b"ann"),), b"address=192.0.2.1"),
        (BY_HEADER, ((b"x-user", b"ann"),), b"header=ann"),
        (BY_HEADER, ((b"X-User", b"ann"), (b"X-USER", b"bob")), b"header=ann,bob"),
        (BY_HEADER, (), b"address=192.0.2.1"),
        (BY_HEADER, ((b"X-User", b""),), b"address=192.0.2.1"),
        (BY_COOKIE, ((b"Cookie", b"a=1; session=xyz; b=2"),), b"cookie=xyz"),
        (BY_COOKIE, ((b"Cookie", b"a=1"), (b"cookie", b"session=xyz")), b"cookie=xyz"),
        (BY_COOKIE, ((b"Cookie", b"xsession=1; Session=2"),), b"address=192.0.2.1"),
    ],
)
def test_a_client_is_told_by_what_is_set_and_else_by_its_address(rollout, fields, identity):
    assert identity_of(rollout, fields, "192.0.2.1") == identity


def test_an_ipv6_client_is_its_network():
    assert identity_of(BY_ADDRESS, (), "2001:db8:1:2:3:4:5:6") == identity_of(BY_ADDRESS, (), "2001:db8:1:2::9")
    assert identity_of(BY_ADDRESS, (), "2001:db8:1:2::9") != identity_of(BY_ADDRESS, (), "2001:db8:1:3::9")


def test_a_client_without_an_address_has_one_place_too():
    assert refused(100, "")
    assert not refused(0, "")
