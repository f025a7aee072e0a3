"""What of a client's head goes on."""

import pytest

from sidecar.policy.loading.reading import read
from sidecar.policy.settings.model import Config, Mode
from sidecar.proxy.exchange.outgoing import outgoing
from sidecar.proxy.http.forwarded import Caller
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.reasons import RefusedError

CALLER = Caller("192.0.2.9", "http", b"a")
FIELDS = ((b"Host", b"a"), (b"X_Custom", b"1"), (b"Upload-Receipt-Verdict", b"clean"))


def gone_on(mode=Mode.ENFORCE, **settings):
    head = RequestHead("GET", b"/", (1, 1), FIELDS)
    head, _ = outgoing(head, read(Config, settings), mode, CALLER, lambda size: "a" * size)
    return [name for name, _ in head.fields]


@pytest.mark.parametrize("mode", [Mode.MONITOR, Mode.ENFORCE])
@pytest.mark.parametrize("send", ["off", "on"])
def test_a_receipt_from_a_client_stays_behind(mode, send):
    assert gone_on(mode, receipt={"send": send}) == [b"Host", b"X_Custom"]


def test_off_passes_everything_but_a_receipt_that_would_be_believed():
    settings = {"client": {"underscores": "refuse"}, "forwarded": {"fields": "append", "trace": "begin"}}
    assert gone_on(Mode.OFF, **settings) == [b"Host", b"X_Custom", b"Upload-Receipt-Verdict"]
    assert gone_on(Mode.OFF, receipt={"send": "on"}, **settings) == [b"Host", b"X_Custom"]


def test_underscores_are_dropped_or_refused_as_set():
    assert gone_on(client={"underscores": "drop"}) == [b"Host"]
    with pytest.raises(RefusedError):
        gone_on(client={"underscores": "refuse"})
