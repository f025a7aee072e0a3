"""When certificates run out is read as OpenSSL reads it, and what cannot be read is no trouble."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from sidecar.proxy.sockets.certificates import doubt, ends
from tests.certificates import Authority

DAY = 86400.0
ENCODED = ssl.PEM_cert_to_DER_cert(trustme.CA().cert_pem.bytes().decode())
SOON = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)
LATER = datetime(2033, 1, 2, 3, 4, 5, tzinfo=UTC)
OF_THE_CENTURY = datetime(2050, 1, 1, tzinfo=UTC)


@pytest.fixture
def written(tmp_path):
    """Writes a certificate that is good until then; its bytes."""
    authority = Authority(tmp_path)
    return lambda until: Path(authority.write("a.test", until=until)["certificate"]).read_bytes()


@pytest.mark.parametrize("until", [SOON, LATER, OF_THE_CENTURY], ids=str)
def test_the_end_of_a_certificate_is_told(written, until):
    assert ends({"tls.certificate": written(until)}) == {"tls.certificate": until.timestamp()}


def test_authorities_end_as_openssl_says(tmp_path):
    path = Authority(tmp_path).path
    (told,) = ssl.create_default_context(cafile=path).get_ca_certs()
    expected = ssl.cert_time_to_seconds(told["notAfter"])
    assert ends({"upstream.ca": Path(path).read_bytes()}) == {"upstream.ca": expected}


def test_a_chain_is_as_good_as_its_first_to_expire_and_authorities_as_their_last(written):
    both = written(SOON) + b"a line of text between them\n" + written(LATER)
    assert ends({"tls.certificate": both})["tls.certificate"] == SOON.timestamp()
    for setting in ("tls.client_ca", "upstream.ca"):
        assert ends({setting: both}) == {setting: LATER.timestamp()}


def test_a_key_has_no_end_whatever_stands_beside_it(written):
    assert ends({"tls.key": written(SOON)}) == {}


@pytest.mark.parametrize(
    "content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"-----BEGIN CERTIFICATE-----"]
)
def test_what_is_no_certificate_has_no_end(content):
    assert ends({"tls.certificate": content}) == {}


@pytest.mark.parametrize("end", [b"99991231235959-0100", b"00010101000000+0100", b"20310506070809"])
def test_a_time_that_is_not_written_in_utc_is_no_end(end):
    def element(tag, *contents):
        content = b"".join(contents)
        return bytes([tag, len(content)]) + content

    validity = element(0x30, element(0x17, b"210506070809Z"), element(0x18, end))
    of_it = element(0x30, element(0x02, b"\1"), element(0x30), element(0x30), validity)
    assert ends({"upstream.ca": ssl.DER_cert_to_PEM_cert(element(0x30, of_it)).encode()}) == {}


@given(st.integers(0, len(ENCODED) - 1), st.binary(max_size=1))
def test_a_damaged_certificate_never_raises(at, byte):
    damaged = ssl.DER_cert_to_PEM_cert(ENCODED[:at] + byte + ENCODED[at + 1 :])
    assert ends({"upstream.ca": damaged.encode()}).keys() <= {"upstream.ca"}


def test_what_is_good_for_two_weeks_is_not_told():
    assert doubt(20 * DAY, 5 * DAY) == ""
    assert doubt(20 * DAY, 10 * DAY) == "expires on 1970-01-21T00:00:00Z, 10.0 days from now"
    assert doubt(20 * DAY, 20 * DAY) == "expired on 1970-01-21T00:00:00Z"
