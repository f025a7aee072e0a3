"""What a worker answers is read as the worst of input."""

import json
import time

import pytest

from sidecar.inspection.examined import Examined, Node
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import MAX_FINDINGS
from sidecar.inspection.reason import Reason
from sidecar.inspection.rewrite import MOST_PIECES, MOST_WRITTEN, Rewrite
from sidecar.isolation import answer

RULE = Reason("rule", "A rule", 422, "nothing", "nothing", "Nothing.")
NOTHING = answer.Expected({})
REWRITE = answer.Expected({}, rewrite=True)
PIECES = ((0, 5), b"\xff\0", (7, 900))


def said(rewrite):
    return json.dumps([{"findings": [], "failures": [], "tree": None, "rewrite": rewrite}]).encode()


def through(*examined):
    """As it arrives."""
    raw = b"".join(answer.packets([answer.written(each) for each in examined]))[answer.LENGTH :]
    return [*answer.read(raw, [answer.Expected({"rule": RULE}, tree=True, rewrite=True)] * len(examined))]


@pytest.mark.parametrize("files", [1, 2, 16])
def test_what_is_said_of_each_file_arrives_in_their_order(files):
    every = [Examined((Finding(RULE, str(number)),) if number % 3 else ()) for number in range(files)]
    assert through(*every) == every
    assert through(*[Examined()] * files) == [Examined()] * files


def test_all_that_is_known_of_a_finding_and_of_a_failure_arrives():
    findings = (
        Finding(RULE, "seen", "wanted", "field"),
        Finding(RULE, "seen", monitored=True),
        Finding(RULE, "seen", within=True),
    )
    examined = Examined(findings, ("ValueError",))
    assert through(examined) == [examined]


@pytest.mark.parametrize("place", ["actual", "expected", "part"])
def test_no_text_of_an_answer_opens_markup_or_moves_a_cursor(place):
    hostile = "<b>&\x1b\u202e" + "\0" * 1000
    finding = Finding(RULE, **{place: hostile})
    raw = b"[%b]" % answer.written(Examined((finding,), (hostile,)))
    told = {"actual": "", "expected": "", "part": None} | {place: hostile}
    unsafe = [["rule", told["actual"], told["expected"], told["part"], False, False]]
    unsafe = json.dumps([{"findings": unsafe, "failures": [hostile], "tree": None}]).encode()
    for each in (raw, unsafe):
        (read,) = answer.read(each, [answer.Expected({"rule": RULE})])
        for text in (getattr(read.findings[0], place), read.failures[0]):
            assert text.startswith("\\x3cb\\x3e\\x26")
            assert text.isascii()
            assert text.isprintable()
            assert len(text) <= 400


@pytest.mark.parametrize(
    "finding",
    [
        ["other", "", "", None],
        ["rule", 7, "", None],
        ["rule", "", None, None],
        ["rule", "", "", 7],
        ["rule", "", ""],
        "rule",
        7,
        None,
    ],
)
def test_what_is_no_finding_is_nonsense(finding):
    raw = json.dumps([{"findings": [finding], "failures": [], "tree": None}]).encode()
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [answer.Expected({"rule": RULE})])


def test_more_findings_and_failures_than_are_kept_are_left_out():
    told = Examined((Finding(RULE),) * (MAX_FINDINGS + 1), ("x",) * (MAX_FINDINGS + 1))
    (read,) = through(told)
    assert (len(read.findings), len(read.failures)) == (MAX_FINDINGS, MAX_FINDINGS)


def test_a_long_answer_goes_in_packets_of_which_the_first_tells_its_length():
    told = [b"x" * 200_000]
    first, *others = answer.packets(told)
    size = int.from_bytes(first[: answer.LENGTH], "little")
    assert first[answer.LENGTH :] + b"".join(others) == b"[" + told[0] + b"]"
    assert size == 200_002
    assert max(map(len, (first[answer.LENGTH :], *others))) == answer.PACKET


def nested(levels):
    tree = Node("a.zip", "application/zip", 7, "ab", [("archives", 0.5)], ["rule"])
    for level in range(levels - 1):
        tree = Node(str(level), inside=[tree, Node("b")])
    return tree


@pytest.mark.parametrize("levels", [1, 2, 41])
def test_a_tree_arrives_as_it_was_told_and_only_where_it_is_to_explain(levels):
    examined = Examined(tree=nested(levels))
    assert through(examined) == [examined]
    assert answer.written(examined, explain=False) == b"{}"


def test_a_tree_that_is_deeper_than_any_is_nonsense():
    with pytest.raises(answer.NonsenseError):
        through(Examined(tree=nested(42)))


@pytest.mark.parametrize("change", [{2: "7"}, {2: None}, {0: 7}, {3: None}, {4: [["a"]]}, {4: [["a", "b"]]}, {5: [7]}])
def test_what_is_no_tree_is_nonsense(change):
    node = ["a", "", 0, "", [], [], []]
    for place, value in change.items():
        node[place] = value
    raw = json.dumps([{"findings": [], "failures": [], "tree": node}]).encode()
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [answer.Expected({}, tree=True)])


def test_an_answer_may_be_as_long_as_what_was_asked_for_needs():
    explained = answer.Expected({}, tree=True)
    assert answer.most([NOTHING, NOTHING]) < answer.most([NOTHING, REWRITE]) < answer.most([NOTHING, explained])
    assert answer.most([explained]) == answer.MOST


@pytest.mark.parametrize(
    "raw", [b"{}", b"[]", b"[{},{},{}]", b"[{},0]", b"[{},[]]", b"[{},null]", b'[{},"{}"]', b"7", b""]
)
def test_an_answer_about_more_fewer_or_no_files_is_nonsense(raw):
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [NOTHING, NOTHING])


def test_a_rewrite_arrives_as_it_was_made():
    examined = Examined(rewrite=Rewrite(PIECES))
    assert through(examined, Examined()) == [examined, Examined()]


@pytest.mark.parametrize("rewrite", [7, None, [7], [None], ["zz"], [[1]], [[1, 2, 3]], [[1, 2.5]], [["1", "2"]], [{}]])
def test_what_is_no_rewrite_is_nonsense(rewrite):
    with pytest.raises(answer.NonsenseError):
        answer.read(said(rewrite), [REWRITE])


@pytest.mark.parametrize(
    "rewrite", [[[0, 1001]], [[-5, 3]], [[5, 3]], [[0, 9], [8, 10]], [[True, False]], [[0, 10**400]]]
)
def test_a_rewrite_of_what_is_not_there_fits_no_file(rewrite):
    try:
        found = answer.read(said(rewrite), [REWRITE])[0].rewrite
    except answer.NonsenseError:
        return
    assert not found.fits(1000)


@pytest.mark.parametrize("more", [{"tree": ["a", "", 0, "", [], [], []]}, {"tree": []}, {"rewrite": [[0, 5]]}])
def test_what_nobody_asked_for_is_nonsense(more):
    raw = json.dumps([{"findings": [], "failures": [], "tree": None} | more]).encode()
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [NOTHING])


def test_more_pieces_than_a_rewrite_may_have_are_nonsense():
    raw = said([[0, 0]] * (MOST_PIECES + 1))
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [REWRITE])


def test_all_that_may_be_told_of_a_file_is_short_enough_to_be_read():
    told = "\\" * 1000
    findings = (Finding(RULE, told, told, "\\" * 400),) * MAX_FINDINGS
    last = 2**40
    pieces = [(last + at, last + at) for at in range(MOST_PIECES - 1)] + [bytes(MOST_WRITTEN)]
    for expected, rewrite in ((NOTHING, None), (REWRITE, Rewrite(tuple(pieces)))):
        whole = answer.written(Examined(findings, (told,) * MAX_FINDINGS, rewrite=rewrite))
        assert len(whole) < answer.most([expected])
        (read,) = answer.read(b"[%b]" % whole, [expected._replace(reasons={"rule": RULE})])
        assert (len(read.findings), read.rewrite) == (MAX_FINDINGS, rewrite)


def test_what_is_read_of_what_nobody_asked_for_takes_the_event_loop_little_time():
    for expected, hostile in ((NOTHING, b"[],"), (NOTHING, b"{},"), (REWRITE, b"[0,0],"), (REWRITE, b'"",')):
        raw = b'[{"findings":[],"failures":[],"tree":null,"rewrite":['
        raw += hostile * ((answer.most([expected]) - len(raw)) // len(hostile))
        assert min(seconds_to_refuse(raw[:-1] + b"]}]", expected) for _ in range(5)) < 0.1


def seconds_to_refuse(raw, expected):
    began = time.thread_time()
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [expected])
    return time.thread_time() - began
