"""The Inspector: one verdict however the bytes are cut, in monitor as in enforce, and never an outage."""

import hashlib
from dataclasses import replace
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.inspection.check import Check
from sidecar.inspection.checks.file_names import FileNames
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import MAX_FINDINGS, Inspector
from sidecar.inspection.limits import Limits
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.multipart.events import BodyEnd, Part, PartBegin, PartData, PartEnd
from sidecar.multipart.grammar import RULES
from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.model import Files, Policy, Scanning
from tests.inspection import samples
from tests.inspection.judging import PNG, codes, events, feed, field, part_of

BAD = Reason("bad", "Bad", 422, "test", "good", "none")
UNSEEN = Reason("unseen", "Unseen", 422, "test", "seen", "none", not_examined=True)


def by_start(head):
    """A stand-in for libmagic that knows two types."""
    return "image/png" if head.startswith(PNG[:8]) else "text/html" if head.startswith(b"<") else "text/plain"


def inspect(said, policy=None, *, stop=False, checks=None, identify=by_start, batch=1):
    return feed(Inspector(policy or Policy(), identify, stop_at_first=stop, checks=checks), said, batch)


def telling(reason, verb="begin", times=1, name="teller"):
    """A check that tells one reason, `times` times, at one verb."""

    def tell(self, part, *rest):
        return [Finding(reason, f"{verb} {number} {getattr(part, 'index', '')}") for number in range(times)]

    return {name: type("Teller", (Check,), {"name": name, "reasons": (reason,), verb: tell})}


class Watcher(Check):
    """Notes what it is asked."""

    name = "watcher"
    reasons: ClassVar = ()
    seen: ClassVar[list] = []

    def begin(self, part):
        self.seen.append(("begin", part.number))
        return ()

    def feed(self, _, chunk):
        self.seen.append(("feed", bytes(chunk)))
        return ()

    def look(self, file):
        self.seen.append(("look", file.head, file.content_type))
        return ()

    def end(self, _, size):
        self.seen.append(("end", size))
        return ()


@pytest.fixture
def watched():
    Watcher.seen = []
    return Watcher.seen


# What it tells of a good upload


def test_a_good_form_is_clean_and_every_file_has_its_digest():
    picture, text = samples.png(), b"words " * 2000
    verdict = inspect(
        events(
            (field(b"title"), b"x"),
            (part_of("a.png", b"image/png", index=1), picture),
            (part_of("b.txt", index=2), text),
        )
    ).verdict()
    assert (verdict.accepted, verdict.label, verdict.parts) == (True, "clean", 3)
    assert [(file.filename, file.size, file.sha256, file.content_type) for file in verdict.files] == [
        ("a.png", len(picture), hashlib.sha256(picture).hexdigest(), "image/png"),
        ("b.txt", len(text), hashlib.sha256(text).hexdigest(), "text/plain"),
    ]


def test_an_empty_form_is_clean():
    assert inspect([BodyEnd(0)]).verdict().label == "clean"


def test_an_empty_file_is_looked_at_without_libmagic(watched):
    def never(head):
        raise AssertionError("libmagic was asked about nothing")

    verdict = inspect(events((part_of("a.txt"), b"")), checks={"watcher": Watcher}, identify=never).verdict()
    assert verdict.accepted
    assert watched == [("begin", 0), ("look", b"", ""), ("end", 0)]
    assert verdict.files[0].sha256 == hashlib.sha256().hexdigest()


def test_an_empty_file_input_is_no_file():
    verdict = inspect(events((part_of(""), b"")), Policy(max_files=0)).verdict()
    assert (verdict.accepted, verdict.files, verdict.parts) == (True, (), 1)


# The verbs of the checks


def test_the_verbs_come_in_order_and_the_look_when_the_head_is_complete(watched):
    data = bytes(range(256)) * 20
    inspect(events((part_of("a.bin"), data), cut=3000), checks={"watcher": Watcher})
    assert [said[0] for said in watched] == ["begin", "feed", "feed", "look", "feed", "end"]
    assert b"".join(said[1] for said in watched if said[0] == "feed") == data
    assert watched[3] == ("look", data[:HEAD_SIZE], "text/plain")


def test_a_field_is_not_looked_at(watched):
    inspector = inspect(events((field(), b"x" * 9000)), checks={"watcher": Watcher})
    assert [said[0] for said in watched] == ["begin", "feed", "end"]
    assert not inspector.wants_look


def test_without_a_check_that_looks_nothing_waits_and_libmagic_is_not_asked():
    def never(head):
        raise AssertionError("asked")

    inspector = Inspector(Policy(checks="off"), never, stop_at_first=False)
    for event in events((part_of("a.png"), samples.PHP * 900)):
        inspector.receive(event)
        assert not inspector.wants_look
    assert inspector.verdict().label == "clean"
    assert inspector.verdict().files[0].sha256 == hashlib.sha256(samples.PHP * 900).hexdigest()


def test_verbs_that_a_check_does_not_have_are_not_called():
    plan = Inspector(Policy(), by_start, stop_at_first=True, checks={"file_names": FileNames})._plan
    assert plan.of_file.feed == plan.of_field.feed == ((0, Limits.feed),)
    assert plan.of_file.end == ()


class Wanting(Check):
    """Wants files that begin with a W."""

    name = "wanting"
    reasons: ClassVar = ()

    def wants(self, file):
        return file.head.startswith(b"W")


def keeping(*said, refuses=(), **settings):
    """What is kept, by part, and the inspector; `refuses` tells at which calls something refuses the bytes."""
    kept, calls = {}, iter(range(100))

    def keep(file, data):
        if next(calls) in refuses:
            return Finding(BAD, "too much")
        kept[file.part.number] = kept.get(file.part.number, b"") + bytes(data)
        return None

    settings = {"policy": Policy(), "stop_at_first": True, "checks": {"wanting": Wanting}} | settings
    return kept, feed(Inspector(identify=by_start, keep=keep, **settings), events(*said, cut=1000))


@pytest.mark.parametrize("size", [1, HEAD_SIZE, HEAD_SIZE + 1, 3 * HEAD_SIZE])
def test_all_of_a_file_that_a_check_wants_is_kept_and_nothing_of_others(size):
    wanted = b"W" * size
    parts = [(part_of("a"), wanted), (part_of("b", index=1), b"x" * size), (field(index=2), b"W" * size)]
    kept, inspector = keeping(*parts)
    assert kept == {0: wanted}
    assert [file.wanted_by for file in inspector.files] == [("wanting",), ()]


def test_scanners_have_all_of_every_file_kept_but_not_of_those_within():
    parts = [(part_of("a"), b"W" * 9000), (part_of("b", index=1), b"x" * 9000), (part_of("c", index=2), b"x")]
    policy = Policy(scanners=Scanning(use=("clamav",)))
    assert {number: len(data) for number, data in keeping(*parts, policy=policy)[0].items()} == {0: 9000, 1: 9000, 2: 1}
    assert keeping(*parts, policy=policy, within=True)[0].keys() == {0}


@pytest.mark.parametrize("call", [0, 1])
@pytest.mark.parametrize("stop", [True, False])
def test_what_refuses_the_bytes_of_a_file_refuses_the_upload(call, stop):
    kept, inspector = keeping((part_of("a"), b"W" * 9000), refuses={call}, stop_at_first=stop)
    assert inspector.refusal == Finding(BAD, "too much")
    assert (len(kept.get(0, b"")) == call * HEAD_SIZE) is stop


def test_behind_what_refuses_the_bytes_of_a_file_no_check_is_asked(watched):
    keeping((part_of("a"), b"W" * 9000), refuses={1}, checks={"wanting": Wanting, "watcher": Watcher})
    assert [said[0] for said in watched][-1] == "look"


def test_behind_what_refuses_the_head_of_a_file_nothing_is_looked_at():
    inspector = Inspector(Policy(), by_start, stop_at_first=True, checks=telling(BAD, "feed") | {"watcher": Watcher})
    inspector.receive(PartBegin(part_of("a")), PartData(b"x" * 9000))
    assert not inspector.wants_look


def test_a_check_that_raises_where_it_is_asked_whether_it_wants_a_file_is_a_finding_not_an_outage():
    class Broken(Wanting):
        name = "broken"

        def wants(self, _file):
            raise RuntimeError

    kept, inspector = keeping((part_of("a"), b"W"), checks={"broken": Broken, "wanting": Wanting}, stop_at_first=False)
    assert (inspector.refusal.reason.code, inspector.refusal.actual) == ("check_failed", "broken: RuntimeError")
    assert [type(failure) for failure in inspector.failures] == [RuntimeError]
    assert kept == {0: b"W"}


@pytest.mark.parametrize(("data", "settled"), [(samples.png(), True), (b"words" * 900, False)])
def test_a_file_whose_first_bytes_tell_its_type_is_looked_at_without_libmagic(data, settled):
    def never(head):
        raise AssertionError("asked")

    inspector = Inspector(Policy(), never, stop_at_first=True)
    inspector.receive(*events((part_of("a.png"), data)))
    inspector.look_at_settled()
    assert inspector.wants_look is not settled
    assert inspector.files[0].content_type == ("image/png" if settled else "")
    assert (inspect(events((part_of("a.png"), data)), identify=never).failures == []) is settled


def test_the_head_is_let_go_after_the_look():
    inspector = inspect(events((part_of("a.txt"), b"x" * 9000)))
    assert inspector.files[0].head == b""


# Cuts


BODIES = {
    "clean": [(field(), b"x"), (part_of("a.png", index=1), samples.png()), (part_of("b.txt", index=2), b"y" * 9000)],
    "bad content, then a bad name": [(part_of("a.png"), samples.HTML), (part_of("b.php", index=1), b"x")],
    "bad name, then bad content": [(part_of("b.php"), b"x"), (part_of("a.png", index=1), samples.HTML)],
    "bad content after 4096 bytes, then too large": [(part_of("a.png"), samples.HTML + b"x" * 30000)],
    "too large at once": [(part_of("a.txt"), b"x" * 30000), (part_of("b.php", index=1), b"")],
    "too many files": [(part_of(f"{number}.txt", index=number), b"x" * number) for number in range(15)],
    "all sorts": [(part_of("../a.html.png"), samples.SHELL * 500), (part_of("", index=1), b""),
        (part_of("x", index=2), samples.exe())],
}  # fmt: skip
POLICY = Policy(max_file=20000)


def outcome(verdict):
    return verdict.findings, verdict.files, verdict.label


@pytest.mark.parametrize("parts", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("cut", [1, 7, 1000, 4095, 4096, 4097, 8192])
def test_any_cut_gives_the_same_verdict(parts, cut):
    whole = inspect(events(*parts), POLICY).verdict()
    assert outcome(inspect(events(*parts, cut=cut), POLICY).verdict()) == outcome(whole)


@pytest.mark.parametrize("parts", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("batch", [2, 3, 5, 1000])
@pytest.mark.parametrize("stop", [True, False])
def test_the_events_of_one_chunk_can_come_together(parts, batch, stop):
    one_by_one = inspect(events(*parts, cut=1000), POLICY, stop=stop)
    assert outcome(inspect(events(*parts, cut=1000), POLICY, stop=stop, batch=batch).verdict()) == outcome(
        one_by_one.verdict()
    )


@pytest.mark.parametrize("value", [b"", b"short", b"too long"])
@pytest.mark.parametrize("stop", [True, False])
def test_a_field_that_is_told_of_at_once_is_judged_like_one_in_pieces(value, stop):
    parts = [(field(), value), (part_of("b.php", index=1), b"x"), (field(b"c", 2), value)]
    policy = Policy(max_parts=2, max_field=5)
    judged = [inspect(said, policy, stop=stop).verdict() for said in (events(*parts), events(*parts, at_once=True))]
    assert judged[0] == judged[1]


def test_checks_are_asked_alike_about_a_field_that_is_told_of_at_once(watched):
    for data in (b"v", b""):
        inspect(events((field(), data)), checks={"watcher": Watcher})
        in_pieces = watched[:]
        watched.clear()
        inspect(events((field(), data), at_once=True), checks={"watcher": Watcher})
        assert watched == in_pieces
        watched.clear()


@settings(deadline=None)  # hundreds of events each, on machines that have other work
@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(1, 9000), st.integers(1, 9), st.data())
def test_no_cut_and_no_batch_changes_the_findings(kinds, cut, batch, data):
    contents = [samples.png(), samples.HTML * 60, b"words " * 1500, b""]
    names = ["a.png", "b.php", "c.txt", "d.jpg"]
    parts = [
        (part_of(data.draw(st.sampled_from(names)), index=index), contents[kind]) for index, kind in enumerate(kinds)
    ]
    whole = inspect(events(*parts)).verdict()
    assert outcome(inspect(events(*parts, cut=cut), batch=batch).verdict()) == outcome(whole)


def test_a_view_that_is_reused_after_the_look_leaves_the_digest_right():
    buffer = bytearray(b"x" * 6000)
    inspector = Inspector(Policy(), by_start, stop_at_first=True)
    inspector.receive(PartBegin(part_of("a.txt")))
    inspector.receive(PartData(memoryview(buffer)))
    inspector.look()
    buffer[:] = b"y" * 6000
    inspector.receive(PartEnd(part_of("a.txt"), 6000))
    assert inspector.verdict().files[0].sha256 == hashlib.sha256(b"x" * 6000).hexdigest()


# Monitor and enforce


@pytest.mark.parametrize("parts", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("not_examined", ["refuse", "forward"])
def test_monitor_and_enforce_see_the_same_first_finding_that_refuses(parts, not_examined):
    policy = POLICY.replaced(not_examined=not_examined)
    checks = telling(UNSEEN, "look") | telling(BAD, "end", name="zz")
    monitored = inspect(events(*parts), policy, checks=checks)
    enforced = inspect(events(*parts), policy, checks=checks, stop=True)
    assert monitored.refusal == enforced.refusal == monitored.verdict().refusal == enforced.verdict().refusal
    assert enforced.verdict().findings == monitored.verdict().findings[: len(enforced.verdict().findings)]


def nameless(content_type, number=0):
    return Part(number, b"f", None, content_type)


def test_a_part_with_the_type_of_a_file_is_a_file_without_a_name(watched):
    inspector = inspect(events((nameless(b"image/png"), PNG)), checks={"watcher": Watcher})
    (file,) = inspector.verdict().files
    assert (file.filename, file.content_type, file.size) == ("", "image/png", len(PNG))
    assert [verb for verb, *_ in watched].count("look") == 1


@pytest.mark.parametrize("content_type", [None, b"text/plain", b"application/json"])
def test_a_part_with_the_type_of_a_text_is_a_field(content_type):
    assert inspect(events((nameless(content_type), b"x"))).verdict().files == ()


def test_files_without_a_name_are_judged_and_counted_as_files():
    policy = Policy(max_files=1, max_field=5)
    said = events((nameless(b"application/octet-stream"), b"longer than a field"), (nameless(b"image/png", 1), PNG))
    assert codes(inspect(said, policy).verdict().findings) == ["files_over_limit"]
    assert codes(inspect(events((nameless(b"image/png"), samples.HTML))).verdict().findings) == [
        "content_not_as_declared"
    ]


def test_enforce_stops_working_at_the_first_refusal(watched):
    checks = telling(BAD, "begin") | {"watcher": Watcher}
    inspector = inspect(
        events((part_of("a.txt"), b"x" * 9000), (part_of("b.txt", index=1), b"y")), stop=True, checks=checks
    )
    assert inspector.refusal is not None
    assert watched == []
    assert not inspector.wants_look


def test_monitor_goes_on(watched):
    checks = telling(BAD, "begin") | {"watcher": Watcher}
    inspector = inspect(events((part_of("a.txt"), b"x"), (part_of("b.txt", index=1), b"y")), checks=checks)
    assert codes(inspector.verdict().findings) == ["bad", "bad"]
    assert len(watched) == 8


def test_the_policy_decides_whether_what_was_not_examined_is_refused():
    said, checks = events((part_of("a.txt"), b"x")), telling(UNSEEN, "look")
    refused = inspect(said, checks=checks, stop=True)
    let_in = inspect(said, Policy(not_examined="forward"), checks=checks, stop=True)
    assert (refused.refusal, refused.verdict().label) == (refused.verdict().findings[0], "not_examined")
    assert (let_in.refusal, let_in.verdict().label) == (None, "not_examined")
    assert let_in.verdict().accepted


def test_what_is_bad_refuses_even_behind_what_was_not_examined():
    checks = telling(UNSEEN, "begin", 40) | telling(BAD, "end", name="zz")
    verdict = inspect(events((part_of("a.txt"), b"x")), Policy(not_examined="forward"), checks=checks).verdict()
    assert verdict.refusal is not None
    assert verdict.refusal.reason is BAD
    assert (len(verdict.findings), verdict.label) == (MAX_FINDINGS, "bad")


# Bounds


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(("verb", "named"), [("begin", 2), ("feed", 2), ("look", 1), ("end", 2)])
def test_a_finding_names_the_part_that_it_is_about(verb, named, at_once):
    parts = [(part_of("a.png", name=b"<avatar>"), PNG), (field(b"note", 1), b"text")]
    found = inspect(events(*parts, at_once=at_once), checks=telling(BAD, verb)).verdict().findings
    assert [finding.part for finding in found] == [r"\x3cavatar\x3e", "note"][:named]


def test_a_finding_about_the_whole_upload_names_no_part():
    of_upload = replace(BAD, of_upload=True)
    found = inspect(events((part_of("a.png"), PNG)), checks=telling(of_upload)).verdict().findings
    assert [finding.part for finding in found] == [None]


def test_the_findings_are_bounded():
    parts = [(part_of(f"{number}.php", index=number), b"") for number in range(100)]
    assert len(inspect(events(*parts), Policy(max_files=200)).verdict().findings) == MAX_FINDINGS


def test_the_same_finding_is_kept_once():
    parts = [(part_of("a.php", index=number), b"") for number in range(5)]
    assert codes(inspect(events(*parts)).verdict().findings) == ["suffix_forbidden"]


def test_files_over_the_limit_leave_no_record():
    parts = [(part_of(f"{number}.txt", index=number), b"x") for number in range(50)]
    verdict = inspect(events(*parts), Policy(max_files=3)).verdict()
    assert codes(verdict.findings) == ["files_over_limit"]
    assert (len(verdict.files), verdict.parts) == (3, 50)


# Failures


@pytest.mark.parametrize("verb", ["begin", "feed", "look", "end"])
@pytest.mark.parametrize("lazily", [False, True])
def test_a_check_that_raises_is_a_finding_not_an_outage(verb, lazily, watched):
    def fail(self, *subject):
        raise KeyError(subject)

    def fail_lazily(self, *subject):
        yield Finding(BAD)
        raise KeyError(subject)

    broken = type("Broken", (Check,), {"name": "broken", "reasons": (), verb: fail_lazily if lazily else fail})
    inspector = inspect(events((part_of("a.txt"), b"x")), checks={"broken": broken, "watcher": Watcher})
    (finding,) = inspector.verdict().findings
    assert (finding.reason.code, finding.actual) == ("check_failed", "broken: KeyError")
    assert inspector.refusal is finding
    assert inspector.verdict().label == "not_examined"
    assert len(watched) == 4
    (error,) = inspector.failures
    assert (type(error), error.__notes__) == (KeyError, ["raised by broken"])


def test_libmagic_that_fails_leaves_a_file_not_examined():
    def fail(head):
        raise ValueError("its rules are gone")

    inspector = inspect(events((part_of("a.png", name=b"avatar"), samples.PHP)), identify=fail)
    (finding,) = inspector.verdict().findings
    assert (finding.reason.code, finding.part, finding.actual) == ("content_type_unknown", "avatar", "ValueError")
    assert inspector.verdict().label == "not_examined"
    assert len(inspector.failures) == 1


def test_the_failures_are_bounded():
    def fail(head):
        raise ValueError

    parts = [(part_of(f"{number}.txt", name=b"%d" % number, index=number), b"x") for number in range(50)]
    inspector = inspect(events(*parts), Policy(max_files=50), identify=fail)
    assert len(inspector.failures) == MAX_FINDINGS


# What others tell


def test_a_breach_of_the_grammar_is_a_refusal():
    inspector = Inspector(Policy(checks="off"), by_start, stop_at_first=True)
    inspector.malformed(MalformedError(RULES[0], "seen \\x3cthis"))
    assert inspector.refusal is not None
    assert (inspector.refusal.reason.code, inspector.refusal.actual) == (RULES[0].code, "seen \\x3cthis")
    assert inspector.refusal.reason.status == RULES[0].status


def test_what_others_tell_takes_its_place_in_the_order():
    inspector = Inspector(Policy(), by_start, stop_at_first=False)
    for event in events((part_of("a.png"), samples.HTML)):
        inspector.receive(event)
    inspector.receive(Finding(BAD))
    inspector.malformed(MalformedError(RULES[0]))
    assert inspector.refusal is None
    assert inspector.wants_look
    inspector.look()
    assert codes(inspector.verdict().findings) == ["content_not_as_named", "bad", RULES[0].code]


def test_a_verdict_looks_at_what_was_not_looked_at():
    inspector = Inspector(Policy(), by_start, stop_at_first=True)
    for event in events((part_of("a.png"), samples.HTML)):
        inspector.receive(event)
    assert codes(inspector.verdict().findings) == ["content_not_as_named"]


# Policies


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ({}, ["suffix_forbidden", "content_not_as_named"]),
        ({"forbidden_suffixes": "off"}, ["content_not_as_named"]),
        ({"forbidden_suffixes": "off", "type_agreement": "off"}, []),
        ({"forbidden_suffixes": "on"}, ["suffix_forbidden", "content_not_as_named"]),
        ({"forbidden_suffixes": {"anywhere": []}}, ["content_not_as_named"]),
        ("off", []),
    ],
)
def test_the_policy_chooses_the_checks(checks, expected):
    verdict = inspect(events((part_of("a.php.png"), samples.PHP)), Policy(checks=checks)).verdict()
    assert codes(verdict.findings) == expected


def test_limits_stay_on_without_checks():
    verdict = inspect(events((part_of("a.php"), b"xx")), Policy(checks="off", max_file=1)).verdict()
    assert codes(verdict.findings) == ["file_too_large"]


names, bodies = st.binary(min_size=1, max_size=60), st.binary(max_size=6000)


@given(st.lists(st.tuples(names, names, st.none() | names, bodies), max_size=5), st.booleans(), st.booleans())
def test_no_upload_makes_it_raise(parts, stop, restricted):
    policy = Policy(files=Files(types=("image/*",))) if restricted else Policy()
    said = [
        (part_of(sent, declared, index=at, name=name), data) for at, (name, sent, declared, data) in enumerate(parts)
    ]
    inspector = inspect(events(*said, cut=999), policy, stop=stop)
    assert inspector.failures == []
    assert inspector.verdict().accepted == (inspector.refusal is None)


@pytest.mark.parametrize("order", [("add", "end"), ("end", "add")])
def test_order_of_what_arrives_while_a_look_is_due_is_kept(order):
    inspector = Inspector(
        Policy(), by_start, stop_at_first=False, checks=telling(BAD, "look") | telling(UNSEEN, "end", name="z")
    )
    part = part_of("a.txt")
    inspector.receive(PartBegin(part))
    inspector.receive(PartData(b"x" * HEAD_SIZE))
    for step in order:
        if step == "add":
            inspector.receive(Finding(BAD, "added"))
        else:
            inspector.receive(PartEnd(part, HEAD_SIZE))
    told = [finding.actual.split()[0] for finding in inspector.verdict().findings]
    assert told == ["look", *({"add": "added", "end": "end"}[step] for step in order)]


@pytest.mark.parametrize(("policy", "forward", "refused"), [("refuse", True, False), ("forward", False, True)])
def test_a_finding_that_says_itself_whether_it_refuses_is_believed(policy, forward, refused):
    inspector = Inspector(Policy(not_examined=policy), by_start, stop_at_first=True, checks={})
    inspector.receive(Finding(UNSEEN, forward=forward))
    assert (inspector.refusal is not None, inspector.verdict().accepted) == (refused, not refused)
