"""What each preset lets in of honest files, and what it keeps out."""

import gzip
import time

import pytest

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.examination import Examination
from sidecar.inspection.offline import judge_file
from sidecar.policy.loading.load import load
from sidecar.policy.settings.check_mode import with_mode
from tests.corpus.files import active_text, documents
from tests.inspection import samples as s

NAMES = ("images", "documents", "archives", "spreadsheets", "media", "any-safe")
FILES = {
    "a.png": (s.png(), {"images"}),
    "a.jpg": (s.jpeg(), {"images"}),
    "a.svg": (s.svg(), set()),
    "a.pdf": (next(case.data() for case in documents.CASES if case.name == "empty-page.pdf"), {"documents"}),
    "a.csv": (b"name,age\r\nAlice,30\r\n", {"documents", "spreadsheets"}),
    "a.txt": (b"Some words, one after the other.\n", {"documents"}),
    "a.tutorial.txt": (b"In PHP one writes <?php echo 1; ?> so.\n", {"documents"}),
    "a.gz": (gzip.compress(b"words\n", mtime=0), {"archives"}),
    "a.flac": (s.flac(), {"media"}),
    "a.m2ts": (s.transport_stream(b"\0\x12\x34\x56"), {"media"}),
    "a.mpg": (b"#EXTM3U\n#EXTINF:1,\n/srv/other.ts\n", set()),
    "a.unknown": (bytes(range(256)) * 9, set()),
    "page.md": (active_text.page(b"<script/>"), set()),
}
REFUSED = {"a.mpg", "a.svg", "page.md"}
"""Not let in by `any-safe` either."""


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("name", FILES)
def test_a_preset_lets_in_what_it_is_for(preset, name, identify):
    checks = {name: with_mode(check.settings_type) for name, check in all_checks().items()}
    policy = load(f"policies:\n  a:\n    preset: {preset}\n", {}, checks).policies["a"]
    data, let_in = FILES[name]
    examine = Examination(policy, identify, time.perf_counter, stop_at_first=False).examine
    findings = judge_file(name.encode(), None, [data], policy, identify, examine).findings
    expected = preset in let_in or (preset == "any-safe" and name not in REFUSED)
    assert (not findings) == expected, [finding.reason.code for finding in findings]


@pytest.mark.parametrize("suffix", ["docm", "xlsm", "pptm", "xlsb"])
@pytest.mark.parametrize("preset", ["documents", "spreadsheets", "any-safe"])
def test_office_files_with_programs_are_refused_by_their_names(preset, suffix, identify):
    policy = load(f"policies: {{a: {{preset: {preset}}}}}", {}, {}).policies["a"]
    found = judge_file(b"a." + suffix.encode(), None, [s.ooxml("word")], policy, identify).findings
    assert "suffix_forbidden" in {finding.reason.code for finding in found}
