"""Certificates that end are told of once a day, those that were renewed are taken in, and gone ones have no end."""

from datetime import UTC, datetime, timedelta

import pytest

from sidecar.policy.settings.model import Tls
from sidecar.proxy.control.certificate_watch import CertificateWatch
from sidecar.proxy.sockets import tls
from tests.certificates import Authority

NOW = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


class Watched:
    """A certificate in use, a clock, and what is told."""

    def __init__(self, directory, until):
        self.authority = Authority(directory)
        self.now, self.told = NOW, {}
        self.renewed = tls.for_clients(Tls(**self.write(until))).renewed
        self.renewed._clock = self.clock
        self.renewed._looked = 0.0
        self.watch = CertificateWatch((lambda: self.renewed, lambda: None), self.tell, self.clock)

    def clock(self):
        return self.now.timestamp()

    def tell(self, ends):
        self.told = ends

    def write(self, until):
        return self.authority.write("a.test", until=until)

    def after(self, **time):
        self.now += timedelta(**time)
        self.watch.look()


@pytest.fixture
def watched(tmp_path):
    return lambda **until: Watched(tmp_path, NOW + timedelta(**until))


def said(caplog):
    found = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    caplog.clear()
    return found


def test_one_that_is_good_for_long_is_told_in_metrics_alone(watched, caplog):
    one = watched(days=30)
    one.after(days=1)
    assert one.told == {"tls.certificate": (NOW + timedelta(days=30)).timestamp()}
    assert said(caplog) == []


def test_one_that_ends_soon_is_told_once_a_day_and_still_when_it_has(watched, caplog):
    one = watched(days=2)
    for _ in range(3):
        one.after(minutes=1)
    (warning,) = said(caplog)
    assert warning.startswith("tls.certificate expires on 2031-05-08T07:08:09Z, 2.0 days from now; expected one")
    one.after(days=1)
    assert len(said(caplog)) == 1
    one.after(days=1)
    assert said(caplog)[0].startswith("tls.certificate expired on 2031-05-08T07:08:09Z; expected")


def test_one_that_was_renewed_is_in_use_though_nobody_has_connected(watched, caplog):
    one = watched(days=2)
    one.after(minutes=1)
    said(caplog)
    one.write(NOW + timedelta(days=90))
    one.after(minutes=1)
    assert one.told == {"tls.certificate": (NOW + timedelta(days=90)).timestamp()}
    assert said(caplog) == []


def test_a_renewal_that_is_refused_does_not_hide_the_end_of_what_is_in_use(watched, tmp_path):
    one = watched(days=2)
    other = one.authority.write("a.test", to="other", until=NOW + timedelta(days=90))
    (tmp_path / "server.pem").write_bytes((tmp_path / "other.pem").read_bytes())
    assert other
    one.after(minutes=1)
    assert one.told == {"tls.certificate": (NOW + timedelta(days=2)).timestamp()}


def test_without_tls_there_is_nothing_to_tell(watched):
    one = watched(days=2)
    one.renewed = None
    one.after(minutes=1)
    assert one.told == {}
