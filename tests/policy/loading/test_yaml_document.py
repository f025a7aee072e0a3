import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.loading.yaml_document import MAX_SIZE, decode, parse_document, parse_flow
from sidecar.policy.loading.yaml_scalar import plain_scalar
from tests.pace import processor_time


def only_problem(text):
    with pytest.raises(ConfigError) as caught:
        parse_document(text)
    (problem,) = caught.value.problems
    return problem


def outcome(parse, text):
    """What comes of a text: a value, or the error that says why not."""
    try:
        return parse(text)
    except ConfigError as error:
        return error


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"), ("on", "on"), ("yes", "yes"), ("no", "no"), ("OFF", "OFF"), ("y", "y"),
        ("true", True), ("True", True), ("FALSE", False),
        ("", None), ("~", None), ("null", None), ("nil", "nil"),
        ("12", 12), ("-3", -3), ("0644", 644), ("0o17", 15), ("0x1F", 31), ("1_000", "1_000"), ("12:30:45", "12:30:45"),
        ("1.5", 1.5), (".5", 0.5), ("1e3", 1000.0), (".inf", ".inf"), (".nan", ".nan"), ("2024-01-01", "2024-01-01"),
        ("5MiB", "5MiB"), ("1" * 19, "1" * 19), ("=", "="), ("<<", "<<"),
    ],
)  # fmt: skip
def test_plain_scalars_are_read_as_yaml_1_2_reads_them(text, value):
    assert plain_scalar(text) == value
    assert isinstance(plain_scalar(text), type(value))


@pytest.mark.parametrize("written", ["001", "1.10", "0x10", "-0", "1e3", "007", "+5"])
def test_what_turns_out_to_be_text_is_as_it_was_written(read, written):
    assert read(f"change: {{owner: {written}}}").change.owner == written
    assert read(f"policies: {{default: {{files: {{deny_suffixes: [{written.replace('.', '')}]}}}}}}").policies[
        "default"
    ].files.deny_suffixes == (written.replace(".", "").lower(),)


def test_a_number_that_was_read_is_a_plain_one(read):
    assert type(read("workers: 02").workers) is int
    assert type(read("enforce_percent: 1.50").enforce_percent) is float


def test_quoted_scalars_are_text():
    assert parse_document("a: 'true'\nb: \"12\"\nc: |\n  null\n").data == {"a": "true", "b": "12", "c": "null\n"}


def test_every_value_knows_the_line_of_its_key():
    text = "mode: off\n\nroutes:\n  # why\n  - path: /a\n    methods:\n      - POST\n      - PUT\n  - {path: /b}\n"
    lines = parse_document(text).lines
    assert {path: lines[path] for path in lines if path} == {
        ("mode",): 1,
        ("routes",): 3,
        ("routes", 0): 5,
        ("routes", 0, "path"): 5,
        ("routes", 0, "methods"): 6,
        ("routes", 0, "methods", 0): 7,
        ("routes", 0, "methods", 1): 8,
        ("routes", 1): 9,
        ("routes", 1, "path"): 9,
    }


def test_empty_collections_keep_their_kind():
    assert parse_document("a: {}\nb: []\nc:\n").data == {"a": {}, "b": [], "c": None}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~", "--- # x\n...\n"])
def test_an_empty_file_is_an_error_and_not_all_defaults(text):
    assert only_problem(text).message == "the file is empty"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("mode: off\nadmin:\n\tlisten: x\n", 3, "a tab stands where YAML allows only spaces"),
        ("a: 1\n\tb: 2\n", 2, "a tab stands where YAML allows only spaces"),
        ("a: b: c\n", 1, "this is not YAML: mapping values are not allowed here"),
        ("a: 1\nb: [1,\nc: 2\n", 3, "this is not YAML"),
        ("a: 'x\n", 1, "this is not YAML"),
        ("a: 1\n b: 2\n", 2, "this is not YAML"),
        ("a: 1\nb: \x00\n", 2, "the character U+0000 is not allowed in YAML"),
        ("a: 1\nb: \x1b[31m\n", 2, "the character U+001B is not allowed in YAML"),
        ("a: 1\n---\nb: 2\n", 2, "a second document begins"),
        ("- a\n", 1, "the file is not a mapping"),
        ("just text\n", 1, "the file is not a mapping"),
        ("a: 1\n? [b]\n: 2\n", 2, "a key is not plain text"),
        ("a: !!python/object/apply:os.system [true]\n", 1, "tags are not used here"),
        ("a: !!str 5\n", 1, "tags are not used here"),
        ("a: 1\n<<: {b: 2}\n", 2, "merge keys are not used here"),
        ("a: *nowhere\n", 1, "no complete value is anchored as `nowhere`"),
        ("a: &a [*a]\n", 1, "no complete value is anchored as `a`"),
        ("a: @x\n", 1, "this is not YAML"),
        ("%YAML 9.0\n---\na: 1\n", 1, "this is not YAML"),
    ],
)
def test_what_is_not_yaml_as_it_is_used_here_is_told_with_its_line(text, line, message):
    problem = only_problem(text)
    assert (problem.line, problem.message[: len(message)]) == (line, message)
    assert problem.expected


def test_what_is_not_yaml_at_a_place_that_nobody_tells_is_told_at_the_first_line(monkeypatch):
    def compose(_):
        raise yaml.MarkedYAMLError(problem="it went wrong")

    monkeypatch.setattr("sidecar.policy.loading.yaml_document.compose", compose)
    assert only_problem("a: 1\nb: 2\n").line == 1


def test_a_setting_written_twice_is_an_error_wherever_it_stands():
    with pytest.raises(ConfigError) as caught:
        parse_document("mode: off\nmode: enforce\nadmin: {listen: a, listen: b}\n")
    assert [(problem.path, problem.line, problem.actual) for problem in caught.value.problems] == [
        ("mode", 2, "first on line 1"),
        ("admin.listen", 3, "first on line 3"),
    ]


def test_anchors_and_aliases_share_values():
    assert parse_document("a: &x [1, {b: 2}]\nc: *x\n").data == {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}


def laughs(width, depth):
    rows = [f"a0: &a0 [{', '.join(['x'] * width)}]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * width)}]" for i in range(1, depth)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    "text",
    [
        laughs(9, 20),
        laughs(1, 3000),
        "a: " + "[" * 400_000,
        "a: " + "{b: " * 200_000,
        "- " * 400_000,
        "".join(f"k{i}: 1\n" for i in range(100_000)),
    ],
    ids=["billion laughs", "long chain", "deep lists", "deep mappings", "deep blocks", "many keys"],
)
def test_hostile_yaml_is_refused_without_recursion_or_waiting(text):
    with processor_time(below=10):
        assert only_problem(text).message.startswith(("too much nesting", "the aliases expand"))


@pytest.mark.parametrize("text", ["a: " + "1" * 900_000, "#" * 900_000 + "\na: 1", 'a: "' + r"\x41" * 200_000 + '"'])
def test_one_huge_value_is_only_long(text):
    assert list(parse_document(text).data) == ["a"]


def test_a_file_over_the_bound_is_refused_unread():
    assert only_problem("a: 1\n" * MAX_SIZE).message == "the file is too large"
    with pytest.raises(ConfigError, match="too large"):
        decode(b"a" * (MAX_SIZE + 1))


@pytest.mark.parametrize(
    ("raw", "line", "actual"),
    [
        (b"a: 1\nb: \xff\n", 2, "byte 0xff"),
        ("a: ü".encode("latin-1"), 1, "byte 0xfc"),
        ("a: 1".encode("utf-16"), 1, "UTF-16"),
    ],
)
def test_a_file_that_is_not_utf_8_is_told_so(raw, line, actual):
    with pytest.raises(ConfigError) as caught:
        decode(raw)
    (problem,) = caught.value.problems
    assert (problem.message, problem.line, problem.actual) == ("the file is not UTF-8", line, actual)


def test_a_byte_order_mark_is_no_part_of_the_first_key():
    assert parse_document(decode(b"\xef\xbb\xbfmode: off")).data == {"mode": "off"}


def test_windows_line_ends_are_line_ends():
    document = parse_document("mode: off\r\nlisten: x\r\n")
    assert document.data == {"mode": "off", "listen": "x"}
    assert document.lines["listen",] == 2


@pytest.mark.parametrize(
    ("text", "value"), [("[a, b]", ["a", "b"]), ("{a: 5MiB}", {"a": "5MiB"}), ("off", "off"), ("", None)]
)
def test_a_value_in_flow_style(text, value):
    assert parse_flow(text) == value


@given(st.text(alphabet=st.sampled_from("ab:{}[],-#&*!|>'\"%@`?~ \n\t\\<=.0x\x00\ufeff"), max_size=60))
def test_no_text_does_anything_but_parse_or_raise_a_config_error(text):
    assert isinstance(outcome(parse_document, text), Document | ConfigError)
    assert isinstance(outcome(parse_flow, text), ConfigError | dict | list | str | int | float | None)


@given(st.binary(max_size=60))
def test_no_bytes_do_anything_but_decode_or_raise_a_config_error(raw):
    assert isinstance(outcome(decode, raw), str | ConfigError)
