"""Images reach the service without what they tell, the same pixels, in a body that is framed right, or not at all."""

import asyncio
import base64
import gzip
import hashlib
import io
import json

import pytest
from PIL import Image

from tests.corpus.files import image_samples as i
from tests.oracles.oracles import read_multipart
from tests.wire import Wire, form, post

SECRET = b"a secret place"
TOLD = {"exif": i.exif(6, SECRET), "xmp": i.XMP % SECRET, "icc_profile": i.profile()}
STRIP = {"default": {"files": {"metadata": "strip"}}}
LARGE = i.encoded("JPEG", size=(1200, 900), quality=95, **TOLD)
IMAGES = {
    "photo.jpg": i.encoded("JPEG", comment=SECRET, **TOLD),
    "drawing.png": i.encoded("PNG", "RGBA", exif=TOLD["exif"], icc_profile=TOLD["icc_profile"]),
    "page.webp": i.encoded("WEBP", **TOLD),
    "party.gif": i.animated("GIF", comment=SECRET),
    "large.jpg": LARGE,
    "plain.jpg": i.encoded("JPEG"),
}


@pytest.fixture
async def ask(start, service):
    """Starts an instance with settings, and asks it once."""

    async def ask(request, policies=STRIP, **settings):
        instance = await start(service, policies=policies, **settings)
        return await (await Wire.open(int(instance.address.rpartition(":")[2]))).ask(request)

    return ask


def frames(data):
    image, found = Image.open(io.BytesIO(data)), []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        found.append((image.mode, image.size, image.tobytes(), image.info.get("icc_profile")))
    return found


def assert_stripped(after, before):
    assert frames(after) == frames(before)
    tags = dict(Image.open(io.BytesIO(after)).getexif())
    assert tags == ({0x0112: 6} if b"Phone 7" in before else {})
    assert all(word not in after for word in (SECRET, b"Phone 7", b"GPS", b"xmpmeta"))


def seen(request):
    """The parts of a form as a service sees them."""
    boundary = request.values("content-type")[0].partition(b"boundary=")[2]
    assert request.values("content-length") == [b"%d" % len(request.body)]
    return {part.name: part.data for part in read_multipart(boundary, request.body)}


@pytest.mark.parametrize("memory", ["1MiB", "16KiB"])
@pytest.mark.parametrize("coded", [False, True], ids=["plain", "gzip"])
async def test_every_image_of_a_form_loses_what_it_tells_and_all_else_goes_on(ask, service, memory, coded):
    parts = [(name, name, "image/" + name[-3:].replace("jpg", "jpeg"), data) for name, data in IMAGES.items()]
    body = form(("a", None, None, b"1\r\n--2"), *parts, ("b", "b.txt", "text/plain", SECRET), ("c", None, None, b""))
    policies = {"default": {"files": {"metadata": "strip"}, "bodies": {"encodings": ["gzip"]}}}
    request = post(gzip.compress(body), fields=b"Content-Encoding: gzip\r\n") if coded else post(body)
    answer = await ask(request, policies, spool={"memory": memory}, routes=[{"path": "/upload"}])
    assert answer.status == 200
    (arrived,) = service.complete_requests
    found = seen(arrived)
    assert [*found] == ["a", *IMAGES, "b", "c"]
    assert (found["a"], found["b"], found["c"]) == (b"1\r\n--2", SECRET, b"")
    for name, before in IMAGES.items():
        assert_stripped(found[name], before)
    assert found["plain.jpg"] == IMAGES["plain.jpg"]


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_raw_image_goes_on_with_its_own_length(ask, service, name, chunked):
    data = IMAGES[name]
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % len(data)
    body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data) if chunked else data
    head = b"PUT /upload/%b HTTP/1.1\r\nHost: a\r\nContent-MD5: x\r\n%b\r\n\r\n" % (name.encode(), framing)
    assert (await ask(head + body, routes=[{"path": "/upload"}])).status == 200
    (arrived,) = service.complete_requests
    assert arrived.values("content-length") == [b"%d" % len(arrived.body)]
    assert arrived.values("content-md5") == ([] if arrived.body != data else [b"x"])
    assert_stripped(arrived.body, data)


UNFIT = {
    "cut within its pixels": ("a.png", IMAGES["drawing.png"][:-20], {}),
    "TIFF": ("a.tiff", i.encoded("TIFF"), {}),
    "AVIF": ("a.avif", i.encoded("AVIF", exif=TOLD["exif"]), {}),
    "called something else": ("a.dat", i.encoded("TIFF"), {}),
    "too large to be examined": ("a.jpg", LARGE, {"isolation": {"max_file": "64KiB", "spare": 0}}),
    "too large for a worker": ("a.jpg", LARGE, {"isolation": {"time": "1ms", "spare": 0}}),
}


@pytest.mark.parametrize("why", UNFIT)
async def test_what_cannot_be_stripped_never_reaches_the_service_whatever_else_is_forwarded(ask, service, why):
    name, data, settings = UNFIT[why]
    policies = {"default": {"files": {"metadata": "strip"}, "not_examined": "forward"}}
    answer = await ask(post(form(("f", name, None, data))), policies, **settings)
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "metadata_not_removed")
    assert service.requests == []


async def test_an_image_in_json_is_refused(ask, service):
    body = json.dumps({"file": base64.b64encode(IMAGES["photo.jpg"]).decode()}).encode()
    policies = {"default": {"files": {"metadata": "strip"}, "bodies": {"json_files": ["file"]}}}
    head = b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    answer = await ask(head % len(body) + body, policies, routes=[{"path": "/upload"}])
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "metadata_not_removed")
    assert service.requests == []


async def test_a_path_that_could_be_another_route_is_judged_by_the_one_that_strips(ask, service):
    policies = {**STRIP, "other": {"files": {"metadata": "keep"}}}
    routes = [
        {"path": "/upload", "policy": "default"},
        {"path": "/upload/..;/x", "policy": "other", "body": "original"},
    ]
    request = post(form(("f", "a.jpg", None, IMAGES["photo.jpg"])), target="/upload/..;/x")
    assert (await ask(request, policies, routes=routes)).status == 200
    assert_stripped(seen(service.complete_requests[0])["f"], IMAGES["photo.jpg"])


@pytest.mark.parametrize("settings", [{"mode": "monitor"}, {"policies": {}}, {"mode": "off"}], ids=str)
async def test_in_every_other_mode_and_by_default_images_stay_as_they_are(ask, service, settings):
    request = post(form(("f", "a.jpg", None, IMAGES["photo.jpg"])))
    assert (await ask(request, **{"policies": STRIP, **settings})).status == 200
    assert IMAGES["photo.jpg"] in service.complete_requests[0].body


async def test_the_receipt_tells_of_the_file_that_arrives_and_the_log_of_both(start, service, monkeypatch):
    instance = await start(service, policies=STRIP, receipt={"send": "on"})
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    before = IMAGES["photo.jpg"]
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(post(form(("f", "a.jpg", None, before))))).status == 200
    (arrived,) = service.complete_requests
    after = seen(arrived)["f"]
    (told,) = arrived.values("upload-receipt-file-1")
    assert told.endswith(b"size=%d; sha256=%b" % (len(after), hashlib.sha256(after).hexdigest().encode()))
    (file,) = outcomes[0].files
    assert (file.size, file.sha256) == (len(before), hashlib.sha256(before).hexdigest())
    assert (file.stripped.size, file.stripped.sha256) == (len(after), hashlib.sha256(after).hexdigest())


async def test_quarantine_keeps_the_file_as_it_came(start, service, tmp_path):
    kept = tmp_path / "kept"
    instance = await start(service, policies=STRIP, quarantine={"directory": str(kept)})
    bad = i.encoded("JPEG", comment=b"<?php system($_GET[0]); ?>")
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(post(form(("f", "a.jpg", None, bad))))).status == 422
    async with asyncio.timeout(10):
        while not list(kept.glob("*.json")):
            await asyncio.sleep(0.02)
    assert ([path.read_bytes() for path in kept.glob("*.data")], service.requests) == ([bad], [])
