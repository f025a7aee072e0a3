"""Names of files within an upload are people's as well: neither the log nor the page tells them unless asked to."""

import io
import json
import tarfile
import time
import warnings
import zipfile

import pytest

from sidecar.inspection.examination import Examination
from sidecar.inspection.offline import judge_file
from sidecar.inspection.types.libmagic import Identifier
from sidecar.isolation import answer
from sidecar.policy.settings.model import Log, Policy
from sidecar.policy.settings.uploads import Inside
from sidecar.telemetry.outcome_event import event_of
from sidecar.telemetry.refusals import Refusals
from tests.inspection.office_files import docx
from tests.inspection.test_files_corpus import CASES, LARGE

CASES_BY_REASON = {reason: case.values[0] for case in CASES for reason in case.values[0].reasons}
"""One file for each reason that the corpus has one for."""


@pytest.fixture(scope="module")
def identify():
    return Identifier()


def zipped(*entries, **settings):
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w", **settings) as archive:
        warnings.simplefilter("ignore")
        for name, data in entries:
            archive.writestr(name, data)
    return held.getvalue()


def tarred(**fields):
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        info = tarfile.TarInfo("zebra")
        for name, value in fields.items():
            setattr(info, name, value)
        archive.addfile(info)
    return held.getvalue()


def encrypted():
    data = bytearray(zipped(("zebra.txt", "hello")))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


HOSTILE = {
    "archive_path": zipped(("../zebra.txt", "x")),
    "archive_duplicate": zipped(("zebra.txt", "x"), ("zebra.txt", "y")),
    "archive_bomb": zipped(("zebra.txt", bytes(30_000_000)), compression=zipfile.ZIP_DEFLATED),
    "archive_link": tarred(type=tarfile.SYMTYPE, linkname="/home/zebra"),
    "archive_device": tarred(type=tarfile.CHRTYPE),
    "archive_encrypted": encrypted(),
    "archive_damaged": zipped(("zebra.txt", "hello")).replace(b"hello", b"hallo", 1),
    "inside_too_large": zipped(("zebra.txt", bytes(2000))),
    "suffix_forbidden": zipped(("a/b.zip", zipped(("zebra/shell.php", "<?php")))),
    "office_program": docx(word__zebra_dot_exe=b"MZ" + bytes(100)),
    "office_doctype": docx(word__zebra_dot_xml="<!DOCTYPE a><a/>"),
    "office_not_examined": docx(word__zebra_dot_piece="x"),
}


def judged(name, data, identify, *, most=2**20 * 128):
    """What the sidecar finds, as it arrives from the process that looks at whole files."""
    policy = Policy(inside=Inside(max_file=most))

    def examine(file, whole):
        examination = Examination(policy, identify, time.perf_counter, stop_at_first=False)
        raw = answer.written(examination.examine(file, whole))
        known = {each.reason.code: each.reason for each in examination._findings}
        (examined,) = answer.read(b"".join(answer.packets([raw]))[answer.LENGTH :], [answer.Expected(known, tree=True)])
        return examined

    return judge_file(name, None, [data], policy, identify, examine)


def told(make_outcome, verdict, names):
    """What the log and the page would have."""
    outcome = make_outcome(verdict="bad", action="rejected", findings=verdict.findings, files=verdict.files)
    settings, page = Log(names=names), Refusals()
    page.note(outcome, settings, 0.0)
    return json.dumps([event_of(outcome, settings), page.listed()])


@pytest.mark.parametrize("code", HOSTILE)
def test_what_is_wrong_with_a_file_within_is_told_without_its_name(make_outcome, identify, code):
    verdict = judged(b"a", HOSTILE[code], identify, most=1000 if code == "inside_too_large" else 2**20 * 128)
    assert code in {finding.reason.code for finding in verdict.findings}
    assert "zebra" in told(make_outcome, verdict, "plain")
    for names in ("hash", "off"):
        line = told(make_outcome, verdict, names)
        assert "zebra" not in line
        assert code in line


@pytest.mark.parametrize("code", sorted(CASES_BY_REASON))
def test_whatever_is_found_in_a_file_within_its_path_is_not_told(make_outcome, identify, code):
    case = CASES_BY_REASON[code]
    data = case.data()
    if len(data) > LARGE:
        pytest.skip("large")
    verdict = judged(b"a.zip", zipped((f"zebra/{case.name}", data)), identify)
    assert not [finding for finding in verdict.findings if "zebra" in finding.actual and not finding.quotes_names]
    for names in ("hash", "off"):
        assert "zebra" not in told(make_outcome, verdict, names)
