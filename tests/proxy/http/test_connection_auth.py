"""Which exchanges may leave a connection authenticated."""

import pytest

from sidecar.proxy.http.connection_auth import is_bound

NOTHING: dict[bytes, list[bytes]] = {}


@pytest.mark.parametrize(
    "value",
    [
        b"NTLM", b"ntlm", b"Negotiate", b"NTLM TlRMTVNTUAAB", b"Negotiate YII=", b'Basic realm="x", NTLM',
        b'Basic realm="x",\tnegotiate', b"Kerberos", b"Bearer,NTLM", b",NTLM",
    ],
)  # fmt: skip
def test_a_connection_may_be_bound_by_what_is_offered_or_asked(value):
    assert is_bound(NOTHING, {b"www-authenticate": [b"Basic", value]})
    assert is_bound(NOTHING, {b"proxy-authenticate": [value]})
    assert is_bound({b"authorization": [value]}, NOTHING)
    assert is_bound({b"proxy-authorization": [value]}, NOTHING)


@pytest.mark.parametrize(
    "value", [b"", b"Basic TlRMTVNTUAAB", b'Basic realm="NTLM users"', b"Bearer abc", b"Digest x", b"NTLMv3", b"x-ntlm"]
)
def test_what_holds_for_a_request_binds_no_connection(value):
    assert not is_bound({b"authorization": [value]}, {b"www-authenticate": [value]})


def test_other_fields_say_nothing():
    assert not is_bound({b"x-scheme": [b"NTLM"]}, {b"x-scheme": [b"NTLM"]})
