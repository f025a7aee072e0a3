"""What `check` says of the files that a configuration names: as `run`, or that it cannot know."""

from datetime import UTC, datetime

import pytest

from sidecar.proxy.sockets.certificates import EXPECTED
from tests.certificates import Authority

NOT_HERE = "cannot be looked at here: No such file or directory"
ELSEWHERE = "expected it where `run` runs, which does not start without it"
NAMED = {
    "receipt.key_file": "receipt: {key_file: %s}",
    "audit.key_file": "audit: {key_file: %s}",
    "upstream.ca": "upstream: {url: 'https://service:443', ca: %s}",
    "spool.directory": "spool: {directory: %s}",
    "policies.default.checks.known_files.deny": "policies: {default: {checks: {known_files: {deny: [%s]}}}}",
}


@pytest.fixture
def check(cli, tmp_path):
    def check(text):
        (tmp_path / "sidecar.yaml").write_text(text)
        return cli("check", "sidecar.yaml")

    return check


@pytest.mark.parametrize("setting", NAMED)
def test_a_file_that_is_not_here_is_a_warning_that_names_it_and_no_error(check, setting):
    done = check(NAMED[setting] % "/nowhere/it")
    assert (done.code, done.out.partition("\n")[0]) == (0, "sidecar.yaml: valid")
    assert done.err == f"warning: sidecar.yaml: {setting}: {NOT_HERE}; {ELSEWHERE}, got /nowhere/it\n"


def test_a_quarantine_that_cannot_be_made_here_is_a_warning(check):
    done = check("quarantine: {directory: /proc/kept}")
    assert done.code == 0
    assert done.err.startswith("warning: sidecar.yaml: quarantine.directory: cannot be looked at here: ")
    assert done.err.endswith(f"; {ELSEWHERE}, got /proc/kept\n")


@pytest.mark.parametrize("place", ["/nowhere", f"/{300 * 'a'}"], ids=["missing", "not even to be looked for"])
def test_rules_that_are_not_here_are_a_warning_too(check, place):
    done = check(f"scanners: {{rules: {{url: 'yara://{place}'}}}}")
    assert done.code == 0
    assert "scanners.rules.url: cannot be looked at here: there is no such directory" in done.err
    assert "(no policy uses it)" in done.out


def test_a_certificate_and_a_key_that_are_not_here_are_two_warnings(check):
    done = check("tls: {certificate: /nowhere/a.pem, key: /nowhere/a.key}")
    assert done.code == 0
    assert done.err.splitlines() == [
        f"warning: sidecar.yaml: tls.certificate: {NOT_HERE}; {ELSEWHERE}, got /nowhere/a.pem",
        f"warning: sidecar.yaml: tls.key: {NOT_HERE}; {ELSEWHERE}, got /nowhere/a.key",
    ]


@pytest.mark.parametrize("setting", ["receipt.key_file", "audit.key_file", "upstream.ca"])
def test_a_file_that_is_here_and_is_not_what_run_needs_is_an_error(check, tmp_path, setting):
    (tmp_path / "it").write_text("short")
    done = check(NAMED[setting] % (tmp_path / "it"))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"sidecar.yaml: {setting}: ")


def test_a_key_that_is_not_that_of_the_certificate_is_an_error(check, tmp_path):
    authority = Authority(tmp_path)
    certificate = authority.write("one.example", to="one")["certificate"]
    key = authority.write("other.example", to="other")["key"]
    done = check(f"tls: {{certificate: {certificate}, key: {key}}}")
    assert done.code == 2
    assert "the key is not that of the certificate" in done.err


def test_files_that_are_here_and_right_are_not_mentioned(check, tmp_path):
    authority = Authority(tmp_path)
    (tmp_path / "it").write_text("a key of enough bytes")
    done = check(
        f"tls: {authority.write('here.example')}\nreceipt: {{key_file: {tmp_path / 'it'}}}\n"
        f"upstream: {{url: 'https://service:443', ca: {authority.path}}}\n"
        f"audit: {{file: {tmp_path / 'audit.jsonl'}}}\n"
    )
    assert (done.code, done.err) == (0, "")
    assert not (tmp_path / "audit.jsonl").exists()


def test_an_audit_log_without_its_directory_is_a_warning(check):
    done = check("audit: {file: /nowhere/audit.jsonl}")
    assert done.code == 0
    assert "warning: sidecar.yaml: audit.file: cannot be looked at here: No such file or directory" in done.err


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o2775, 0o770])
def test_a_quarantine_in_which_others_may_write_is_a_warning(check, tmp_path, mode):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept").chmod(mode)
    done = check(f"quarantine: {{directory: {tmp_path}/kept}}")
    assert done.code == 0
    assert f"quarantine.directory: others than its owner may write there (mode {mode:04o})" in done.err


@pytest.mark.parametrize("mode", [0o700, 0o750, 0o755, None])
def test_a_quarantine_of_its_owner_or_one_that_is_to_be_made_is_none(check, tmp_path, mode):
    if mode is not None:
        (tmp_path / "kept").mkdir(mode=mode)
    done = check(f"quarantine: {{directory: {tmp_path}/kept}}")
    assert (done.code, done.err) == (0, "")


def test_a_certificate_that_has_expired_is_a_warning_as_run_starts_with_it(check, tmp_path):
    files = Authority(tmp_path).write("a.test", until=datetime(2020, 1, 2, tzinfo=UTC))
    done = check(f"tls: {{certificate: {files['certificate']}, key: {files['key']}}}")
    assert done.code == 0
    assert done.err == (
        f"warning: sidecar.yaml: tls.certificate: expired on 2020-01-02T00:00:00Z; expected {EXPECTED}, "
        f"got {files['certificate']}\n"
    )


def test_authorities_that_have_expired_are_a_warning_too(check, tmp_path):
    expired = Authority(tmp_path).write("a.test", until=datetime(2020, 1, 2, tzinfo=UTC))["certificate"]
    assert "upstream.ca: expired on" in check(NAMED["upstream.ca"] % expired).err
