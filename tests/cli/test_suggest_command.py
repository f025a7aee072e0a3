"""`suggest` writes a policy from honest uploads: it is valid, it lets them in, and each line tells its figures."""

import json

import pytest
import yaml

from sidecar.policy.settings.model import Policy
from tests.auditing import outcome_of, written
from tests.cli.test_replay_command import DOCUMENT, PICTURE, PROGRAM, raw
from tests.inspection.judging import field, part_of


@pytest.fixture
def suggest(cli, tmp_path):
    """The configuration that is suggested, as text and as it is read; it must be valid."""

    def suggest(*lines, flags=()):
        (tmp_path / "audit.jsonl").write_bytes(b"".join(lines))
        done = cli("suggest", *flags, "audit.jsonl")
        assert (done.code, done.err) == (0, "")
        (tmp_path / "suggested.yaml").write_text(done.out)
        assert cli("check", "suggested.yaml").code == 0
        return done.out, yaml.safe_load(done.out)

    return suggest


def with_changes(line, **changes):
    return json.dumps(json.loads(line) | changes).encode() + b"\n"


def test_a_policy_is_made_of_what_was_seen_with_the_figures_behind_each_line(suggest):
    text, config = suggest(*[raw(PICTURE)] * 3, raw(DOCUMENT), raw((field(b"title", 0), b"x" * 100)))
    policy = config["policies"]["avatars"]
    assert config["routes"] == [{"path": "/avatars", "policy": "avatars"}]
    assert (policy["max_files"], policy["max_parts"], policy["max_file"]) == (2, 2, "64KiB")
    assert policy["files"]["types"] == ["image/png", "application/pdf"]
    assert "- image/png  # 3 of 4 files (75 %): .png 3" in text
    assert "max_field: 64KiB  # the largest had 100 bytes" in text
    assert config["mode"] == "monitor"


def test_what_is_suggested_lets_in_what_it_was_made_from(suggest):
    text, _ = suggest(raw(PICTURE), raw(DOCUMENT), raw(PICTURE, path=b"/else/1"))
    assert "Replayed, as if it were enforced: 0 of the 3 would be refused." in text


def test_nothing_is_learned_from_an_upload_in_which_something_was_found(suggest):
    text, config = suggest(raw(PICTURE), *[raw(PROGRAM)] * 2)
    assert "Not learned from: 2 uploads, by the first reason why:\n#   2 suffix_forbidden" in text
    assert config["policies"]["avatars"]["files"]["types"] == ["image/png"]


def test_headroom_is_chosen_and_sizes_are_rounded_up(suggest):
    large = with_changes(raw(PICTURE), size=20_000_000)
    assert suggest(large)[1]["policies"]["avatars"]["max_body"] == "32MiB"
    assert suggest(large, flags=("--headroom", "1"))[1]["policies"]["avatars"]["max_body"] == "32MiB"
    assert suggest(large, flags=("--headroom", "4"))[1]["policies"]["avatars"]["max_body"] == "80MiB"


def test_a_body_larger_than_the_spool_makes_the_spool_larger(suggest):
    config = suggest(with_changes(raw(PICTURE), size=2 * 1024**3))[1]
    assert config["spool"] == {"max_bytes": "3GiB"}


def test_what_can_be_run_and_what_nobody_knows_is_left_to_people(suggest):
    page = (part_of("a.html", b"text/html"), b"<!DOCTYPE html><p>hello")
    line = written(outcome_of([page], Policy(checks={"forbidden_suffixes": "off"}), lambda _: "text/html"))
    unknown = json.loads(raw(PICTURE))
    unknown["listed"][0] |= {"content_type": "application/octet-stream", "suffixes": ["xyz"]}
    text, config = suggest(
        raw(PICTURE), *(json.dumps(each).encode() + b"\n" for each in (line | {"findings": []}, unknown))
    )
    kinds = [kind for policy in config["policies"].values() for kind in (policy.get("files") or {}).get("types", [])]
    assert kinds == ["image/png"]
    assert "# not listed: text/html, 1 of 1 files (100 %): .html 1: HTML page can be run" in text
    assert "# not listed: application/octet-stream" in text
    assert "2 of the 3 would be refused" in text


def test_a_docx_that_libmagic_takes_for_a_zip_is_listed_as_what_it_is(suggest):
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    line = json.loads(raw(PICTURE))
    line["listed"][0] |= {"content_type": "application/zip", "suffixes": ["docx"], "declared_type": word}
    assert suggest(json.dumps(line).encode() + b"\n")[1]["policies"]["avatars"]["files"]["types"] == [word]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (b"/api/v2/users/4711/avatar", "/api/v2/users"), (b"/f/3fa85f64-5717-4562-b3fc-2c963f66afa6", "/f"),
        (b"/a/b/c/d/e/f", "/a/b/c/d"), (b"/4711", None), (b"/", None), (b"/a/../b", "/a"), (b"/%2e%2e/x", None),
        (b"/<b>/x", None), (b"/" + b"x" * 900, None), (b"/a b", None), ("/ü".encode(), None),
    ],
)  # fmt: skip
def test_a_route_is_the_part_of_the_path_that_names_a_place(suggest, path, route):
    config = suggest(raw(PICTURE, path=path))[1]
    assert [each["path"] for each in config.get("routes", [])] == ([route] if route else [])


def test_the_routes_of_the_configuration_of_then_keep_their_names(suggest):
    line = with_changes(raw(PICTURE), prefixes=["/avatars"], route="pictures")
    assert suggest(line)[1]["routes"] == [{"path": "/avatars", "name": "pictures", "policy": "avatars"}]


def test_many_paths_leave_a_bounded_number_of_routes(suggest):
    places = [f"/{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(600)]
    config = suggest(*[raw(PICTURE, path=place.encode()) for place in places])[1]
    assert len(config["routes"]) == 20
    assert config["policies"]["default"]["max_files"] == 2


def test_hostile_lines_make_no_other_configuration(suggest):
    hostile = "x\nmode: off\n# \u202e<b>\x1b[2J"
    line = json.loads(raw(PICTURE)) | {
        "route": hostile,
        "ts": hostile,
        "prefixes": [f"/{hostile}"],
        "path": f"/{hostile}",
    }
    line["listed"][0] |= {
        "content_type": hostile,
        "suffixes": [hostile[:20]],
        "field": hostile,
        "content": {"text": False},
    }
    text, config = suggest(json.dumps(line).encode() + b"\n")
    assert config["mode"] == "monitor"
    assert text.isascii()
    assert "\x1b" not in text


@pytest.mark.parametrize("content", [b"", b"nonsense\n", raw(PROGRAM)])
def test_with_nothing_to_learn_from_nothing_is_written(cli, tmp_path, content):
    (tmp_path / "audit.jsonl").write_bytes(content)
    done = cli("suggest", "audit.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "there is no upload to learn from; expected an audit log with clean ones" in done.err


@pytest.mark.parametrize("headroom", ["0.5", "1000", "nan", "much"])
def test_a_headroom_that_makes_no_sense_is_refused(cli, headroom):
    done = cli("suggest", "--headroom", headroom, "audit.jsonl")
    assert done.code == 2
    assert "expected a number from 1 to 100, such as 1.5" in done.err


def test_an_empty_file_and_an_upload_without_files_are_learned_from(suggest):
    empty = raw((part_of("a.txt", b"text/plain"), b""))
    config = suggest(empty, raw((field(b"a", 0), b"x"), path=b"/notes"))[1]
    assert config["policies"]["avatars"]["files"]["types"] == ["inode/x-empty"]
    assert "files" not in config["policies"]["notes"]
