"""A compressed body is judged by what is in it, and goes on decoded."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd

from tests.conformance.asking import ALL_CODINGS, IMAGE, PHP, all_of, asked, code_of, raw
from tests.wire import Wire, form

ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
DECODING = {"pictures": {"files": {"types": ["image/*"]}, "bodies": {"encodings": ALL_CODINGS}}}


@pytest.mark.parametrize("delivery", ["hold", "stream"])
@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("shape", ["raw", "form"])
async def test_a_coding_that_the_policy_lists_is_forwarded_decoded(sidecar, service, coding, delivery, shape):
    def request(body):
        content_type = b"image/png" if shape == "raw" else b"multipart/form-data; boundary=XBOUNDARYX"
        plain = body if shape == "raw" else form(("f", "a.png", None, body))
        fields = (b"Content-Encoding: " + coding.encode(), b"Content-Type: " + content_type, b"Digest: x")
        return raw(ENCODERS[coding](plain), *fields, method="POST")

    route = {"path": "/upload", "policy": "pictures", "delivery": delivery}
    port = await sidecar(service, routes=[route], policies=DECODING)
    assert (await (await Wire.open(port)).ask(request(PHP))).status == 415
    assert service.complete_requests == []
    service.requests.clear()
    assert (await (await Wire.open(port)).ask(request(IMAGE))).status == 200
    (sent,) = service.requests
    assert sent.complete
    assert IMAGE in sent.body
    assert sent.values("content-encoding") == sent.values("digest") == []
    if delivery == "hold":
        assert sent.values("content-length") == [b"%d" % len(sent.body)]


@pytest.mark.parametrize(
    ("coding", "body", "code"),
    [
        ("gzip", gzip.compress(IMAGE, mtime=0)[:-1], "content_encoding_malformed"),
        ("gzip", gzip.compress(IMAGE, mtime=0) + b"x", "content_encoding_malformed"),
        ("gzip", gzip.compress(IMAGE) + gzip.compress(IMAGE), "content_encoding_malformed"),
        ("gzip", IMAGE, "content_encoding_malformed"),
        ("deflate", zlib.compress(IMAGE)[2:-4], "content_encoding_malformed"),
        ("br", brotli.compress(IMAGE) + b"x", "content_encoding_malformed"),
        ("br", brotli.compress(IMAGE)[:-1], "content_encoding_malformed"),
        ("zstd", zstd.compress(IMAGE) + zstd.compress(IMAGE), "content_encoding_malformed"),
        ("zstd", zstd.compress(IMAGE)[:-1], "content_encoding_malformed"),
        ("gzip, gzip", gzip.compress(gzip.compress(IMAGE)), "content_encoding"),
        ("compress", IMAGE, "content_encoding"),
    ],
)
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_what_decoders_read_differently_is_refused(sidecar, service, coding, body, code, delivery):
    request = raw(body, b"Content-Encoding: " + coding.encode())
    answer = await asked(sidecar, service, request, DECODING, delivery=delivery)
    assert code_of(answer) == code
    assert service.complete_requests == []


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("mode", ["enforce", "monitor"])
async def test_a_bomb_stops_at_max_body_and_never_holds_up_the_loop(start, service, coding, mode, monkeypatch):
    policies = {"any": {"max_body": "2MiB", "max_file": "2MiB", "bodies": {"encodings": ALL_CODINGS}}}
    instance = await start(service, mode=mode, routes=[{"path": "/upload", "policy": "any"}], policies=policies)
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    bomb = ENCODERS[coding](bytes(2**25)) if coding != "br" else brotli.compress(bytes(2**25), quality=3)
    answer = await wire.ask(raw(bomb, b"Content-Encoding: " + coding.encode()))
    assert answer.status == (413 if mode == "enforce" else 200)
    (outcome,) = await all_of(outcomes, 1)
    assert "body_too_large" in {finding.reason.code for finding in outcome.findings}
    assert max((file.size for file in outcome.files), default=0) <= 2.25 * 1024 * 1024


async def test_compressed_json_that_may_pass_is_forwarded_decoded(sidecar, service):
    request = raw(
        gzip.compress(b'{"a": 1}'), b"Content-Encoding: gzip", b"Content-Type: application/json", method="POST"
    )
    assert (await asked(sidecar, service, request, DECODING)).status == 200
    assert service.requests[0].body == b'{"a": 1}'
