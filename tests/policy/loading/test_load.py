import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.load import load_bytes
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.base import fields_of
from sidecar.policy.settings.model import Config, Mode
from tests.policy.conftest import problems_of


def test_the_smallest_file_has_all_defaults(read):
    assert read("{}") == Config()
    assert read("mode: monitor") == Config()


def test_groups_with_everything_commented_out_have_their_defaults(read):
    text = "admin:\nupstream:\nclient:\nspool:\ndrain:\nlog:\nchange:\npolicies:\nroutes:\n"
    assert read(text) == Config()
    assert read("policies:\n  default:\n    files:\n    checks:\n") == Config()


def test_every_error_is_told_at_once_in_the_order_of_the_file(refuse):
    text = """\
mode: enforc
adnim: {}
upstream:
  url: ftp://app
client: {idle_timeout: 30x}
policies:
  default:
    max_bdy: 1MiB
    checks: {nmes: on, names: {strict: perhaps, longst: 1}, types: 7}
routes:
  - path: /a
    policy: avatars
  - methods: POST
"""
    found = [(problem.line, problem.path) for problem in refuse(text, {"SIDECAR_MOD": "off"}, {"listen": "x"})]
    assert found == [
        (1, "mode"),
        (2, "adnim"),
        (4, "upstream.url"),
        (5, "client.idle_timeout"),
        (8, "policies.default.max_bdy"),
        (9, "policies.default.checks.names.longst"),
        (9, "policies.default.checks.names.strict"),
        (9, "policies.default.checks.nmes"),
        (9, "policies.default.checks.types"),
        (12, "routes[0].policy"),
        (13, "routes[1].methods"),
        (13, "routes[1].path"),
        (None, "--listen"),
        (None, "SIDECAR_MOD"),
    ]


FILE = "an absolute path such as /etc/upload-sidecar/file, or nothing"
WRONG = [
    # text, path, words of the message, words of what was expected, what was seen
    ("mode: enforc", "mode", "is not valid", "off, monitor or enforce", "enforc"),
    ("mode: true", "mode", "is not valid", "off, monitor or enforce", "true"),
    ("mode:", "mode", "is not valid", "off, monitor or enforce", "nothing"),
    ("mode: [off]", "mode", "is not valid", "off, monitor or enforce", "a list"),
    ("listen: 8080", "listen", "is not valid", "host:port", "8080"),
    ("listen: [a]", "listen", "is not valid", "text", "a list"),
    ("admin: x", "admin", "is not valid", "a mapping of settings", "x"),
    ("adnim: {}", "adnim", "did you mean `admin`?", "admin", "`adnim`"),
    ("max_file: 1", "max_file", "unknown here", "`policies.NAME`", "`max_file`"),
    ("log: {mode: off}", "log.mode", "unknown here", "under the top level or `routes[]`", "`mode`"),
    ("zzzz: 1", "zzzz", "unknown setting", "change, mode,", "`zzzz`"),
    ("upstream: {url: app}", "upstream.url", "is not valid", "http://host:port", "app"),
    ("upstream: {url: https://app/x}", "upstream.url", "is not valid", "https://host:port", "https://app/x"),
    ("upstream: {ca: /ca.pem}", "upstream.ca", "of no use without TLS", "https://", "/ca.pem"),
    ("upstream: {server_name: app}", "upstream.server_name", "of no use without TLS", "https://", "app"),
    ("upstream: {url: https://app, ca: ca.pem}", "upstream.ca", "is not valid", FILE, "ca.pem"),
    ("audit: {file: rel.jsonl}", "audit.file", "is not valid", FILE, "rel.jsonl"),
    ("receipt: {key_file: key}", "receipt.key_file", "is not valid", FILE, "key"),
    (
        "rollout: {by: cookie, name: a b}",
        "rollout.name",
        "is not valid",
        "the name of a header field or a cookie",
        "a b",
    ),
    ('rollout: {salt: ""}', "rollout.salt", "is not valid", "text that is not empty", '""'),
    ("mode_file_key: a=b", "mode_file_key", "is not valid", "the name of an annotation, such as", "a=b"),
    ("upstream: {db_calls: a b}", "upstream.db_calls", "is not valid", "such as X-DB-Calls, or", "a b"),
    ("upstream: {url: https://a, server_name: a/b}", "upstream.server_name", "is not valid", "app.example.com", "a/b"),
    ("tls: {certificate: /c.pem}", "tls.certificate", "of no use alone", "tls.key", "/c.pem"),
    ("tls: {key: /k.pem}", "tls.key", "of no use alone", "tls.certificate", "/k.pem"),
    ("tls: {client_ca: /ca.pem}", "tls.client_ca", "of no use alone", "tls.certificate", "/ca.pem"),
    ("client: {idle_timeout: 0}", "client.idle_timeout", "is not valid", "more than 0", "0"),
    ("client: {idle_timeout: 8d}", "client.idle_timeout", "is not valid", "at most 168h", "8d"),
    ("client: {min_rate: fast}", "client.min_rate", "is not valid", "a size such as", "fast"),
    ("spool: {directory: tmp}", "spool.directory", "is not valid", "an absolute path", "tmp"),
    ('spool: {directory: "/a\\0b"}', "spool.directory", "is not valid", "an absolute path", "/a\\u0000b"),
    ("log: {level: loud}", "log.level", "is not valid", "debug, info, warning or error", "loud"),
    ("log: {names: yes}", "log.names", "is not valid", "off, hash or plain", "yes"),
    ("change: {owner: [a]}", "change.owner", "is not valid", "text", "a list"),
    ('change: {owner: "\\ud800"}', "change.owner", "is not text", "without half surrogate pairs", "\\ud800"),
    ("policies: [a]", "policies", "is not valid", "a mapping", "a list"),
    ("policies: {default: 5}", "policies.default", "is not valid", "a mapping of settings", "5"),
    ("policies: {a b: {}}", "policies.a b", "is not a usable name", "letters, digits", "`a b`"),
    ("policies: {default: {max_file: 0}}", "policies.default.max_file", "is not valid", "more than 0", "0"),
    ("policies: {default: {max_file: 5M}}", "policies.default.max_file", "is not valid", "a size such as", "5M"),
    ("policies: {default: {max_parts: 0}}", "policies.default.max_parts", "is not valid", "at least 1", "0"),
    ("policies: {default: {max_files: -1}}", "policies.default.max_files", "is not valid", "at least 0", "-1"),
    ("policies: {default: {max_files: many}}", "policies.default.max_files", "is not valid", "a whole number", "many"),
    ("policies: {default: {max_files: 1.5}}", "policies.default.max_files", "is not valid", "a whole number", "1.5"),
    (
        "policies: {default: {not_examined: ask}}",
        "policies.default.not_examined",
        "is not valid",
        "refuse or forward",
        "ask",
    ),
    ("policies: {default: {checks: some}}", "policies.default.checks", "is not valid", "off, or a mapping", "some"),
    ("policies: {default: {checks: {x: on}}}", "policies.default.checks.x", "unknown check", "names or types", "`x`"),
    ("policies: {default: {checks: {types: 1}}}", "policies.default.checks.types", "is not valid", "off, on or", "1"),
    (
        "policies: {default: {checks: {types: [off]}}}",
        "policies.default.checks.types",
        "is not valid",
        "off, on or",
        "a list",
    ),
    (
        "{listen: 'unix:///a', forwarded: {trusted_hops: [1]}}",
        "forwarded.trusted_hops",
        "is not valid",
        "a whole",
        "a list",
    ),
    ("{workers: true}", "workers", "is not valid", "a whole number", "true"),
    ("{enforce_percent: false}", "enforce_percent", "is not valid", "a number", "false"),
    ("{workers: 99999999999999999999}", "workers", "is not valid", "at most 64", "99999999999999999999"),
    (
        f"routes: [{{path: /a, name: {'x' * 101}}}]",
        "routes[0].name",
        "is not valid",
        "at most 100 characters",
        f"{'x' * 57}...",
    ),
    (
        "policies: {default: {checks: {types:}}}",
        "policies.default.checks.types",
        "is not valid",
        "off, on or",
        "nothing",
    ),
    (
        "policies: {default: {files: {types: image/png}}}",
        "policies.default.files.types",
        "is not valid",
        "a list",
        "image/png",
    ),
    (
        "policies: {default: {files: {types: [png]}}}",
        "policies.default.files.types[0]",
        "is not valid",
        "a content type",
        "png",
    ),
    (
        "policies: {default: {files: {deny_suffixes: [a.b]}}}",
        "policies.default.files.deny_suffixes[0]",
        "is not valid",
        "one suffix",
        "a.b",
    ),
    ("routes: {path: /a}", "routes", "is not valid", "a list", "a mapping"),
    ("routes: [{}]", "routes[0].path", "is missing", "no default", ""),
    ("routes: [/a]", "routes[0]", "is not valid", "a mapping of settings", "/a"),
    ("routes: [{path: a}]", "routes[0].path", "is not valid", "a path such as /api/avatars", "a"),
    ("routes: [{path: /a, methods: [P T]}]", "routes[0].methods[0]", "is not valid", "a method such as POST", "P T"),
    ("routes: [{path: /a, policy: x}]", "routes[0].policy", "unknown policy", "default", "x"),
    ("routes: [{path: /a, mode: of}]", "routes[0].mode", "is not valid", "off, monitor or enforce", "of"),
    ("routes: [{path: /a}, {path: /a, methods: [PUT]}]", "routes[1].path", "called the same", "a `name`", "/a"),
    ("routes: [{path: /a}, {path: /b, name: /a}]", "routes[1].name", "called the same", "a `name`", "/a"),
    ("routes: [{path: /a, name: default}]", "routes[0].name", "is taken", "another name", "default"),
    ("admin: {listen: '127.0.0.1:8080'}", "admin.listen", "cannot share an address", "another port", "127.0.0.1:8080"),
    ("listen: '0.0.0.0:9090'", "listen", "cannot share an address", "another port", "0.0.0.0:9090"),
    ("drain: {listen: '127.0.0.1:9090'}", "drain.listen", "with admin.listen", "another port", "127.0.0.1:9090"),
    ("drain: {listen: '127.0.0.1:8080'}", "drain.listen", "with listen", "another port", "127.0.0.1:8080"),
    ("workers: 0", "workers", "is not valid", "at least 1", "0"),
    (
        "{workers: 4, policies: {a: {max_body: 300MiB}}}",
        "policies.a.max_body",
        "never fit the spool",
        "the share of one worker (256MiB)",
        "300MiB",
    ),
    ("listen: '127.0.0.1:8000'", "listen", "its own service", "the service behind", "127.0.0.1:8000"),
    (
        "upstream: {url: 'http://localhost:8080'}",
        "upstream.url",
        "its own service",
        "the service behind",
        "http://localhost:8080",
    ),
    (
        "upstream: {url: 'HTTP://127.0.0.1:8080'}",
        "upstream.url",
        "its own service",
        "the service behind",
        "HTTP://127.0.0.1:8080",
    ),
    (
        "upstream: {url: 'http://[::ffff:127.0.0.1]:9090'}",
        "upstream.url",
        "led to the port for operators",
        "admin.listen at another port",
        "http://[::ffff:127.0.0.1]:9090",
    ),
    (
        "admin: {listen: '0.0.0.0:8000'}",
        "admin.listen",
        "led to the port for operators",
        "admin.listen at another port",
        "0.0.0.0:8000",
    ),
    (
        "{upstream: {url: 'unix:///run/a'}, admin: {listen: 'unix:///run/./a'}}",
        "upstream.url",
        "led to the port for operators",
        "admin.listen at another port",
        "unix:///run/a",
    ),
    ("drain: {listen: 'localhost:8000'}", "drain.listen", "with upstream.url", "another port", "localhost:8000"),
    (
        "policies: {default: {max_file: 65MiB}}",
        "policies.default.max_file",
        "can never be reached under max_body",
        "at most 64MiB",
        "65MiB",
    ),
    (
        "policies: {default: {max_field: 1GiB}}",
        "policies.default.max_field",
        "can never be reached",
        "at most 64MiB",
        "1GiB",
    ),
    (
        "policies: {default: {max_files: 1001}}",
        "policies.default.max_files",
        "can never be reached",
        "at most 1000",
        "1001",
    ),
    (
        "policies: {default: {max_body: 1MiB}, a: {max_file: 2MiB}}",
        "policies.a.max_file",
        "can never be",
        "at most 1MiB",
        "2MiB",
    ),
    (
        "policies: {a: {max_body: 2GiB}}",
        "policies.a.max_body",
        "never fit the spool",
        "at most spool.max_bytes (1GiB)",
        "2GiB",
    ),
    ("spool: {max_bytes: 1MiB}", "spool.max_bytes", "never fit the spool", "at least 64MiB", "1MiB"),
]


@pytest.mark.parametrize(("text", "path", "message", "expected", "actual"), WRONG, ids=[case[0] for case in WRONG])
def test_each_error_says_where_what_was_expected_and_what_was_seen(only, text, path, message, expected, actual):
    problem = only(text)
    assert (problem.path, problem.line, problem.actual) == (path, 1, actual)
    assert message in problem.message
    assert expected in problem.expected


@pytest.mark.parametrize(
    "text",
    [
        "policies: {default: {max_body: 1MiB}}",  # max_file is inherited: the body's limit simply comes first
        "policies: {a: {max_body: 1MiB}}",
        "policies: {default: {max_parts: 5}}",
        "policies: {default: {max_files: 0, files: {types: []}}}",
        "routes: [{path: /a, name: x}, {path: /a, name: y, methods: [PUT]}]",
        "listen: unix:///a\nadmin: {listen: 'unix:///b'}",
        "listen: 127.0.0.1:0\nadmin: {listen: '127.0.0.1:0'}",
        "spool: {memory: 0}\nclient: {min_rate: 0}\ndrain: {accept_for: 0}",
        "change: {owner: 5, expected: 0.5}",
    ],
)
def test_what_looks_odd_but_is_right(read, text):
    assert read(text)


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ("off", Mode.OFF),
        ("OFF", Mode.OFF),
        ("Off", Mode.OFF),
        ("'off'", Mode.OFF),
        ("false", Mode.OFF),
        ("Enforce", Mode.ENFORCE),
    ],
)
def test_off_means_off_however_a_tool_has_written_it(read, written, mode):
    assert read(f"mode: {written}").mode is mode
    assert read(f"routes: [{{path: /a, mode: {written}}}]").routes[0].mode is mode


@pytest.mark.parametrize(("written", "strict"), [("off", False), ("on", True), ("false", False), ("true", True)])
def test_off_and_on_are_booleans_where_a_boolean_is_expected(read, written, strict):
    checks = read(f"policies: {{default: {{checks: {{names: {{strict: {written}}}}}}}}}").policies["default"].checks
    assert checks["names"].strict is strict


def test_suffixes_types_and_methods_are_normalised(read):
    config = read(
        "policies: {default: {files: {types: [Image/PNG], deny_suffixes: [.PHP, exe]}}}\n"
        "routes: [{path: /a, methods: [post]}]"
    )
    assert config.policies["default"].files.types == ("image/png",)
    assert config.policies["default"].files.deny_suffixes == ("php", "exe")
    assert config.routes[0].methods == ("POST",)


def test_a_scanner_that_cannot_be_called_so_is_told_what_names_are(refuse):
    told = {problem.message: problem.expected for problem in refuse("policies: {a: {scanners: {use: [a b]}}}")}
    assert told["is not valid"] == "letters, digits and . _ -, beginning with a letter or digit, at most 63"


def test_bytes_are_read_as_text():
    assert load_bytes(b"mode: off", {}, {}).mode is Mode.OFF
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_bytes(b"mode: \xff", {}, {})


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=8)
        | st.sampled_from(["off", "5MiB", "/a", "default"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*fields_of(Config), "path", "default", "checks", "files", "max_file"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_data_does_anything_but_load_or_raise_a_config_error(data):
    assert all(problem.text("x").isprintable() for problem in problems_of(json.dumps(data)))
