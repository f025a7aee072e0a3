import pytest

from sidecar.policy.loading.yaml_document import MAX_SIZE

ADDRESS = "expected host:port such as 127.0.0.1:8080 or [::1]:8080, or unix:///path of a socket"
URL = "expected http://host:port or https://host:port without a path, or unix:///path of a socket"
UNKNOWN = "unknown setting, did you mean `max_file`?"
SETTINGS = (
    "expected preset, max_body, max_parts, max_files, max_file, max_field, files, inside, bodies, not_examined, checks "
    "or scanners"
)


@pytest.fixture
def check(cli, tmp_path):
    def check(text, environ=None):
        path = tmp_path / "sidecar.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return cli("check", "sidecar.yaml", environ=environ)

    return check


def test_a_right_file_gives_a_summary_and_0(check):
    done = check(
        "change: {owner: me, reason: because}\nmode: enforce\npolicies: {avatars: {max_file: 5MiB}}\n"
        "routes: [{path: /api/avatars, policy: avatars, mode: monitor, methods: [post]}]\n"
    )
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("sidecar.yaml: valid\n")
    assert "mode      enforce\n" in done.out
    assert "route     /api/avatars (POST): policy avatars, monitor\n" in done.out
    assert "policy    avatars: up to 10 files of 5MiB, body 64MiB" in done.out
    assert "owner     me\n" in done.out
    assert "reason    because\n" in done.out


def test_a_name_that_nothing_reaches_is_a_warning(check):
    done = check("policies: {avatars: {}}\nroutes: [{path: /a, policy: avatars, methods: [PSOT]}]")
    assert done.code == 0
    why = "has no effect: `PSOT` is no method of HTTP; did you mean `POST`?"
    assert done.err == f"warning: sidecar.yaml: routes[0].methods[0]: {why}\n"


def test_a_size_that_is_let_in_and_not_examined_is_a_warning(check):
    done = check("isolation: {max_file: 1MiB}")
    assert (done.code, done.err.count("\n")) == (0, 1)
    assert done.err.startswith("warning: sidecar.yaml: policies.default.max_file: files of more than isolation.max_")


def test_a_mistake_leads_to_no_other_that_is_none(check):
    assert check("workers: 1000").err.count("\n") == 1
    assert check("{}", environ={"SIDECAR_ROUTES__0__MODE": "off"}).err.count("\n") == 1


def test_the_file_is_named_as_to_every_other_command_too(cli, tmp_path):
    (tmp_path / "sidecar.yaml").write_text("mode: enforce\n")
    assert cli("check", "--config", "sidecar.yaml").out == cli("check", "sidecar.yaml").out
    assert cli("check", "--config", "sidecar.yaml", "sidecar.yaml").code == 2


def test_a_policy_of_three_lines_is_shown_with_its_preset_and_what_that_comes_to(check):
    done = check("policies:\n  avatars:\n    preset: images\n")
    assert "policy    avatars: preset images, up to 10 files of 32MiB, body 64MiB, types image/png, " in done.out


def test_a_global_off_is_shown_to_win_over_every_route(check):
    assert "policy default, off\n" in check("mode: off\nroutes: [{path: /a, mode: enforce}]").out


def test_a_share_of_the_clients_is_shown_wherever_it_holds(check):
    done = check("mode: enforce\nenforce_percent: 10\nroutes: [{path: /a}, {path: /b, enforce_percent: 2.5}]")
    assert "  mode      enforce for 10 % of the clients\n" in done.out
    assert "  route     /a: policy default, enforce for 10 % of the clients\n" in done.out
    assert "  route     /b: policy default, enforce for 2.5 % of the clients\n" in done.out
    assert "  otherwise policy default, enforce for 10 % of the clients\n" in done.out


def test_a_share_is_not_shown_where_nothing_is_enforced(check):
    assert "%" not in check("mode: monitor\nenforce_percent: 10").out


def test_what_lets_more_through_than_the_defaults_is_shown(check):
    done = check(
        "workers: 3\nscanners: {clamav: {url: 'clamd://host:3310'}}\n"
        "policies: {default: {not_examined: forward, checks: {polyglot: {mode: monitor}, office: off}, "
        "scanners: {use: [clamav], on_down: forward}}}\n"
        "routes: [{path: /a, delivery: stream}, {path: /b, body: original}, {path: /c, tunnels: pass}]"
    )
    assert "  workers   3\n" in done.out
    assert "  scanner   clamav: clamd://host:3310\n" in done.out
    assert (
        "types */*; not_examined: forward; off: office; monitor only: polyglot; scanners: clamav; on_down: forward\n"
        in done.out
    )
    for route in ("/a: policy default, monitor, delivery: stream", "/b: policy default, monitor, body: original"):
        assert f"  route     {route}\n" in done.out
    assert "/c: policy default, monitor, tunnels: pass\n" in done.out


def test_every_error_is_told_at_once_with_file_line_expectation_and_2(process, tmp_path):
    (tmp_path / "sidecar.yaml").write_text("mode: enforc\nlisten: 8080\npolicies:\n  default:\n    max_fil: 1MiB\n")
    done = process("check", "sidecar.yaml", environ={"SIDECAR_UPSTREAM__URL": "x"})
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "sidecar.yaml:1: mode: is not valid; expected off, monitor or enforce, got enforc",
        f"sidecar.yaml:2: listen: is not valid; {ADDRESS}, got 8080",
        f"sidecar.yaml:5: policies.default.max_fil: {UNKNOWN}; {SETTINGS}, got `max_fil`",
        f"SIDECAR_UPSTREAM__URL: is not valid; {URL}, got x",
    ]


def test_the_environment_is_part_of_what_is_checked(check):
    assert "mode      off\n" in check("mode: enforce", {"SIDECAR_MODE": "off"}).out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "sidecar.yaml: the file is empty"),
        ("mode: off\n\tlisten: x\n", "sidecar.yaml:2: a tab stands"),
        (b"mode: \xff", "sidecar.yaml:1: the file is not UTF-8"),
        (b"a" * (MAX_SIZE + 10), "sidecar.yaml: the file is too large"),
    ],
)
def test_what_is_no_configuration_at_all_is_2(check, text, told):
    done = check(text)
    assert done.code == 2
    assert done.err.startswith(told)


@pytest.mark.parametrize(("path", "why"), [("nowhere.yaml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_cannot_be_read_is_2(cli, path, why):
    done = cli("check", path)
    assert done.code == 2
    assert done.err == f"{path}: cannot be read: {why}; expected a YAML file\n"
