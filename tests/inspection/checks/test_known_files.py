"""`known_files` compares digests with lists that others have read."""

import hashlib
import pickle

import pytest

from sidecar.inspection.checks.known_files import KnownFiles, KnownFilesSettings
from sidecar.inspection.formats.digest_list import DigestListError, Digests, parse_digests
from sidecar.inspection.inspector import Inspector
from sidecar.policy.settings.model import Policy
from tests.inspection.judging import codes, events, feed, part_of

BAD, GOOD = b"a bad file", b"a good file"


def digests(*files):
    return Digests(frozenset(hashlib.sha256(file).digest() for file in files))


def judged(data, settings, cut=0):
    policy = Policy(checks={"known_files": settings})
    inspector = Inspector(policy, lambda _: "text/plain", stop_at_first=False, checks={"known_files": KnownFiles})
    return codes(feed(inspector, events((part_of("a.txt"), data), cut=cut)).verdict().findings)


@pytest.mark.parametrize("cut", [0, 1])
def test_a_file_on_a_deny_list_is_refused(cut):
    settings = KnownFilesSettings(deny=("/list",)).with_digests((digests(BAD),), ())
    assert judged(BAD, settings, cut) == ["file_known_bad"]
    assert judged(GOOD, settings, cut) == []


def test_with_an_allow_list_only_its_files_are_let_in():
    settings = KnownFilesSettings(allow=("/list",)).with_digests((), (digests(GOOD),))
    assert judged(BAD, settings) == ["file_not_listed"]
    assert judged(GOOD, settings) == []


def deny(*files):
    return KnownFilesSettings(deny=("/list",)).with_digests((digests(*files),), ())


def allow(*files):
    return KnownFilesSettings(allow=("/list",)).with_digests((), (digests(*files),))


@pytest.mark.parametrize(
    ("one", "other", "of_bad", "of_good"),
    [
        (deny(BAD), KnownFilesSettings(), ["file_known_bad"], []),
        (deny(BAD), deny(GOOD), ["file_known_bad"], ["file_known_bad"]),
        (allow(GOOD), KnownFilesSettings(), ["file_not_listed"], []),
        (allow(GOOD), allow(BAD), ["file_not_listed"], ["file_not_listed"]),
        (allow(GOOD), allow(GOOD, BAD), ["file_not_listed"], []),
        (allow(GOOD), deny(GOOD), ["file_not_listed"], ["file_known_bad"]),
    ],
)
def test_the_strictest_of_two_refuses_what_either_refuses(one, other, of_bad, of_good):
    for both in (one.strictest(other), other.strictest(one)):
        assert (judged(BAD, both), judged(GOOD, both)) == (of_bad, of_good)


def test_an_empty_allow_list_lets_in_nothing():
    assert judged(GOOD, KnownFilesSettings(allow=("/list",))) == ["file_not_listed"]


def test_without_lists_every_file_passes():
    assert judged(BAD, KnownFilesSettings()) == []


def test_another_process_has_the_content_of_the_lists_too():
    settings = KnownFilesSettings(deny=("/list",)).with_digests((digests(BAD),), ())
    copy = pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own bytes
    assert (copy, judged(BAD, copy)) == (settings, ["file_known_bad"])


def test_a_list_is_read_as_sha256sum_writes_it():
    one, two = hashlib.sha256(BAD).hexdigest(), hashlib.sha256(GOOD).hexdigest().upper()
    text = f"# bad files\n\n{one}  a bad file.txt\r\n  {two} # why\n".encode()
    assert parse_digests(text) == {hashlib.sha256(BAD).digest(), hashlib.sha256(GOOD).digest()}


@pytest.mark.parametrize("line", ["x", "0" * 63, "0" * 65, "0" * 64 + "x", "\0", "g" * 64])
def test_a_line_that_is_no_digest_is_told_with_its_number(line):
    with pytest.raises(DigestListError, match="line 2 "):
        parse_digests(f"# list\n{line}\n".encode())


def test_a_set_of_digests_holds_what_it_was_made_of():
    files = [bytes([number]) for number in range(100)]
    known = digests(*files)
    assert len(known) == len(files)
    assert all(hashlib.sha256(file).digest() in known for file in files)
    assert hashlib.sha256(BAD).digest() not in known
