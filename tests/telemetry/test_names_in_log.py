import json

import pytest

from sidecar.inspection.inspector import Inspector
from sidecar.inspection.types.libmagic import Identifier
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.model import Files, Log, Policy
from sidecar.telemetry.outcome_event import event_of

POLICY = Policy(max_file=8, files=Files(types=("image/png",)))
PARAMETERS = [
    b'filename="zebra.php"',
    b'filename="../zebra.txt"',
    b'filename="zebra.txt::$DATA"',
    b'filename="zebra\x01.txt"',
    b'filename="zebra\xff.txt"',
    b'filename="zebra\xe2\x80\xae.txt"',
    b'filename="' + b"zebra" * 100 + b'"',
    b"filename=\"zebra.png\"; filename*=utf-8''zebra.jpg",
    b"filename*=utf-16''zebra",
    b"filename*=utf-8''zebra%",
    b'filename="zebra',
    b"filename=zebra.png zebra",
    b'filename="zebra\\',
    b'filename="=?utf-8?Q?zebra?="',
    b'filename="a.png"; zebra="1"',
    b'filename="a.png"\r\nContent-Type: image/png; name="zebra',
    b'filename="a.png"\r\nX zebra',
    b'filename="zebra.png"\r\n zebra',
]


def judged(parameters):
    """Everything that the inspection finds in a body with these parameters of a file."""
    body = b'--BOUNDARY\r\nContent-Disposition: form-data; name="f"; %b\r\n\r\nGIF89a and more\r\n--BOUNDARY--\r\n'
    inspector = Inspector(POLICY, Identifier(), stop_at_first=False)
    try:
        for event in Parser(b"BOUNDARY").feed(body % parameters):
            inspector.receive(event)
            inspector.look()
    except MalformedError as error:
        inspector.malformed(error)
    return inspector.verdict()


@pytest.mark.parametrize("names", ["hash", "off"])
@pytest.mark.parametrize("parameters", PARAMETERS)
def test_no_finding_tells_a_file_name_unless_asked_for(make_outcome, parameters, names):
    verdict = judged(parameters)
    assert verdict.findings
    outcome = make_outcome(verdict="bad", findings=verdict.findings, files=verdict.files)
    assert "zebra" in json.dumps(event_of(outcome, Log(names="plain")))
    assert "zebra" not in json.dumps(event_of(outcome, Log(names=names)))
