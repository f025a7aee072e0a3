"""Streams decoded in bounded steps, however they are cut."""

import gzip
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from sidecar.multipart.rules import MalformedError
from sidecar.proxy.shapes.decoding import STEP, Decoder

ENCODERS = {b"gzip": gzip.compress, b"deflate": zlib.compress, b"br": brotli.compress, b"zstd": zstd.compress}
coding = pytest.mark.parametrize("coding", ENCODERS)
MIXED = bytes(range(256)) * 700 + bytes(300_000)


def decoded(coding, body, cut):
    decoder = Decoder(coding)
    steps = [step for at in range(0, len(body), cut) for step in decoder.decode(body[at : at + cut])]
    decoder.close()
    return steps


@coding
@pytest.mark.parametrize("cut", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("data", [b"", b"x", bytes(STEP), bytes(STEP + 1), bytes(1 << 20), bytes((1 << 24) + 5), MIXED])
def test_every_cut_gives_the_same_in_bounded_steps(coding, cut, data):
    steps = decoded(coding, ENCODERS[coding](data), cut)
    assert b"".join(steps) == data
    assert max(map(len, steps), default=0) <= 2 * STEP


@coding
@given(data=st.binary(max_size=2000), cut=st.integers(1, 50))
def test_whatever_was_encoded_comes_out(coding, data, cut):
    assert b"".join(decoded(coding, ENCODERS[coding](data), cut)) == data


@coding
@pytest.mark.parametrize("cut", [1, 1 << 20])
@pytest.mark.parametrize("data", [b"honest", bytes(1 << 20)])
def test_a_stream_that_is_cut_is_refused(coding, cut, data):
    body = ENCODERS[coding](data)
    for end in range(len(body) if len(body) < 100 else 20):
        with pytest.raises(MalformedError):
            decoded(coding, body[:end], cut)


@coding
@pytest.mark.parametrize("cut", [1, 1 << 20])
@pytest.mark.parametrize("data", [b"honest", bytes(1 << 20)])
def test_whatever_follows_a_stream_is_refused(coding, cut, data):
    body = ENCODERS[coding](data)
    for surplus in (b"\0", b"x", body):
        with pytest.raises(MalformedError):
            decoded(coding, body + surplus, cut)


def test_nothing_is_decoded_that_is_not_asked_for():
    decoder = Decoder(b"gzip")
    steps = decoder.decode(gzip.compress(bytes(1 << 26)))
    assert len(next(steps)) == STEP
    with pytest.raises(MalformedError):
        decoder.close()


def test_a_zstd_window_over_8_mib_is_refused():
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.content_size_flag: 0}
    compressor = zstd.ZstdCompressor(options=options)
    body = compressor.compress(bytes(1 << 20)) + compressor.flush()
    with pytest.raises(MalformedError):
        decoded(b"zstd", body, 1 << 20)


def test_the_bare_format_is_not_deflate():
    with pytest.raises(MalformedError):
        decoded(b"deflate", zlib.compress(MIXED)[2:-4], 1 << 20)
