"""`replay` says which recorded uploads a new policy would treat otherwise, and what it cannot know."""

import json
import sys

import pytest

from bench.instructions import Counter
from sidecar.policy.loading.load import load
from sidecar.policy.routing.digest import digest_of
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Files, Policy
from sidecar.telemetry.audit_line import line_of
from tests.auditing import KEY, NOW, outcome_of
from tests.inspection.judging import PNG, field, part_of

ALL = Policy(files=Files(deny_suffixes=()))


def by_start(head):
    return "image/png" if head.startswith(PNG[:8]) else "application/pdf"


def raw(*parts, policy=None, path=b"/avatars/7", mode="monitor", **settings):
    """A line, recorded under a policy."""
    outcome = outcome_of(list(parts), policy or Policy(), by_start, mode=mode, stop=mode == "enforce")
    outcome.seen.path = path
    return line_of(outcome, Audit(**settings), KEY, NOW)


PICTURE = (part_of("a.png", b"image/png"), PNG)
DOCUMENT = (part_of("a.pdf", b"application/pdf"), b"%PDF-1.7\n" + bytes(300))
PROGRAM = (part_of("a.php"), PNG)
TABLE = {"mode": "enforce", "policies": {"pictures": {"files": {"types": ["image/png"]}}},
         "routes": [{"path": "/avatars", "name": "avatars", "policy": "pictures"}]}  # fmt: skip


MOST_FOR_A_LINE = 1750
"""Python instructions; Python 3.11 takes 1,587."""


@pytest.fixture
def replay(cli, tmp_path):
    def replay(config, *lines, flags=("--json",)):
        (tmp_path / "new.yaml").write_text(json.dumps(config))
        (tmp_path / "audit.jsonl").write_bytes(b"".join(lines))
        done = cli("replay", "--config", "new.yaml", *flags, "audit.jsonl")
        assert (done.code, done.err) == (0, "")
        return json.loads(done.out) if flags else done.out

    return replay


def changes(told):
    names = ("route", "then", "now", "reason", "uploads")
    return [tuple(change[name] for name in names) for change in told["changes"]]


def test_what_a_new_policy_would_treat_otherwise_is_told_by_route_and_reason(replay):
    told = replay(TABLE, raw(PICTURE), raw(DOCUMENT), raw(DOCUMENT), raw(DOCUMENT, path=b"/else"))
    assert changes(told) == [("avatars", "let in", "refused", "content_type_not_allowed", 2)]
    assert told["treated_otherwise"] == 2
    assert told["changes"][0]["request_id"] == "r-1"
    assert {label: route["now"] for label, route in told["routes"].items()} == {
        "avatars": {"let in": 1, "refused": 2}, "default": {"let in": 1}
    }  # fmt: skip


def test_what_monitor_counted_is_refused_once_it_is_enforced(replay):
    told = replay({"mode": "enforce"}, raw(PROGRAM), raw(PICTURE))
    assert changes(told) == [("default", "counted", "refused", "suffix_forbidden", 1)]


def test_under_monitor_nothing_is_refused_and_what_would_be_is_counted(replay):
    told = replay({**TABLE, "mode": "monitor"}, raw(DOCUMENT))
    assert changes(told) == [("avatars", "let in", "counted", "content_type_not_allowed", 1)]


def test_an_upload_that_is_found_good_now_is_let_in(replay):
    lax = {"files": {"deny_suffixes": []}, "checks": {"type_agreement": "off"}}
    assert changes(replay({"mode": "enforce", "policies": {"default": lax}}, raw(PROGRAM))) == [
        ("default", "counted", "let in", "suffix_forbidden", 1)
    ]


def test_of_an_upload_whose_inspection_a_refusal_ended_nothing_good_is_claimed(replay):
    lax = {"mode": "enforce", "policies": {"default": {"files": {"deny_suffixes": []}}}}
    told = replay(lax, raw(PROGRAM, mode="enforce"))
    assert changes(told) == [("default", "refused", "not known", "suffix_forbidden", 1)]
    assert told["routes"]["default"]["not_known"] == {"rest_not_seen": 1}
    assert any("its inspection ended before the end of the upload" in words for words in told["not_judged"])


def test_the_policy_that_judged_then_finds_what_it_found_then(replay):
    policy = load("{}", {}, {}).policies["default"]
    told = replay({"mode": "enforce"}, raw(PICTURE, policy=policy))
    assert (told["same_policy"], changes(told), told["not_judged"]) == (1, [], [])
    assert digest_of(policy) in raw(PICTURE, policy=policy).decode()


def test_limits_are_judged(replay):
    small = {"mode": "enforce", "policies": {"default": {"max_files": 1, "max_field": 3}}}
    several = raw(PICTURE, (part_of("b.png", b"image/png", index=1), PNG))
    long = raw((field(b"text", 0), b"12345"), policy=ALL)
    assert changes(replay(small, several, long)) == [
        ("default", "let in", "refused", "files_over_limit", 1), ("default", "let in", "refused", "field_too_large", 1)
    ]  # fmt: skip


def test_lists_of_known_files_are_judged_even_under_the_policy_of_then(replay, tmp_path):
    digest = json.loads(raw(PICTURE))["listed"][0]["sha256"]
    (tmp_path / "bad.txt").write_text(f"{digest}  a.png\n")
    config = {
        "mode": "enforce",
        "policies": {"default": {"checks": {"known_files": {"deny": [str(tmp_path / "bad.txt")]}}}},
    }
    assert changes(replay(config, raw(PICTURE))) == [("default", "let in", "refused", "file_known_bad", 1)]


def test_without_paths_uploads_go_by_their_route_and_that_is_said(replay):
    told = replay(TABLE, raw(DOCUMENT, paths="off"))
    assert (told["without_path"], changes(told)) == (1, [])


def test_uploads_that_ended_for_another_reason_are_left_out(replay):
    line = json.loads(raw(PICTURE)) | {"action": "rejected", "error": "spool_full", "verdict": "not_inspected"}
    told = replay(TABLE, json.dumps(line).encode() + b"\n")
    assert (told["failed"], told["routes"]) == (1, {})


def test_people_read_a_table_and_what_is_not_guessed(replay):
    out = replay(TABLE, raw(PICTURE), raw(DOCUMENT), b'{"v":1', flags=())
    assert "2 uploads in 1 file, 2027-01-15T08:00:00.000Z to 2027-01-15T08:00:00.000Z" in out
    assert "audit.jsonl: the last line is cut off and was left out" in out
    assert "treated otherwise: 1 (50 %)" in out
    assert "avatars  let in  refused  content_type_not_allowed        1  r-1" in out
    assert "cannot be judged from these lines, and is not guessed:" in out
    assert "policy pictures: what active_text, archives, " in out


def test_a_share_of_the_clients_is_told_and_not_drawn(replay):
    out = replay({**TABLE, "enforce_percent": 10}, raw(DOCUMENT), flags=())
    assert "enforce, 10 %" in out


def test_hostile_lines_leave_the_report_plain(replay):
    hostile = "\u202e<script>\x1b[2J" * 9
    line = json.loads(raw(DOCUMENT)) | {"request_id": hostile, "route": hostile, "ts": hostile, "policy": hostile}
    line["findings"] = [{"code": hostile, "refuses": True}]
    raw_line = json.dumps(line).encode() + b"\n"
    out = replay(TABLE, raw_line, flags=()) + json.dumps(replay(TABLE, raw_line))
    assert out.isascii()
    assert not {"<", "\x1b"} & set(out)
    assert changes(replay({"mode": "enforce"}, raw_line)) == [("default", "counted", "refused", "other", 1)]


def test_an_audit_log_without_uploads_is_no_error(replay):
    assert "0 uploads in 1 file" in replay(TABLE, flags=())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b'{"event":"upload","level":"info"}\n',
            "1 lines are none of an audit log and were left out, the first at audit.jsonl:1",
        ),
        (b'{"v":2}\n' * 3, "3 lines are of another version and were left out (expected version 1, got 2)"),
        (b'{"v":1', "audit.jsonl: the last line is cut off and was left out"),
    ],
)
def test_a_file_in_which_nothing_can_be_read_is_an_error(cli, tmp_path, content, said):
    (tmp_path / "new.yaml").write_text("mode: enforce\n")
    (tmp_path / "audit.jsonl").write_bytes(content)
    done = cli("replay", "--config", "new.yaml", "audit.jsonl")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [said, "there is no upload that can be read; expected an audit log of this version"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--config", "new.yaml", "missing"),
            "missing: cannot be read: No such file or directory; expected an audit log",
        ),
        (
            ("--config", "missing", "audit.jsonl"),
            "missing: cannot be read: No such file or directory; expected a YAML file",
        ),
        (("--config", "bad.yaml", "audit.jsonl"), "bad.yaml:1: modus: unknown setting"),
    ],
)
def test_what_cannot_be_read_is_said(cli, tmp_path, arguments, said):
    (tmp_path / "new.yaml").write_text("mode: enforce\n")
    (tmp_path / "bad.yaml").write_text("modus: enforce\n")
    (tmp_path / "audit.jsonl").write_bytes(b"")
    done = cli("replay", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


def test_another_line_costs_few_instructions(cli, tmp_path):
    """So few that a million lines take under a minute: `python -m bench.replay` measures that."""
    (tmp_path / "new.yaml").write_text(json.dumps(TABLE))

    def instructions(number):
        paths = [b"%d-%d" % (number, at) for at in range(number)]
        lines = [raw(PICTURE, path=b"/avatars/" + path) + raw(DOCUMENT, path=b"/else/" + path) for path in paths]
        (tmp_path / "audit.jsonl").write_bytes(b"".join(lines))
        counter = Counter()
        sys.settrace(counter.trace)
        try:
            assert cli("replay", "--config", "new.yaml", "audit.jsonl").code == 0
        finally:
            sys.settrace(None)
        return sum(counter.by_code.values())

    _, few, more = (instructions(number) for number in (1, 50, 100))
    assert (more - few) / 100 < MOST_FOR_A_LINE
