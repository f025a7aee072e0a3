"""The real daemons: what is bad is found, what is clean passes, what they do not examine is told."""

import pytest

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from sidecar.scanners.proof import SMALLEST_ARCHIVE
from sidecar.scanners.result import Bad, Clean, NotExamined, Trouble
from tests.scanners.conftest import results, zipped


@pytest.fixture(params=["clamd by descriptor", "clamd by stream", "clamd over TCP", "icap respmod", "icap reqmod"])
async def daemon(request, scanner):
    """A scanner on every way to a daemon."""
    if request.param.startswith("icap"):
        return scanner(url=request.getfixturevalue("icap_url"), method=request.param.split()[1])
    clamd = request.getfixturevalue("clamd")
    if request.param == "clamd over TCP":
        return scanner(url=clamd.tcp_url)
    return scanner(url=clamd.url, transfer=request.param.split()[2])


async def test_the_test_file_is_found_plain_zipped_and_nested(daemon):
    found = await results(daemon, EICAR, zipped(EICAR), zipped(zipped(zipped(EICAR))))
    assert [type(result) for result in found] == [Bad, Bad, Bad]
    assert all("Test.Eicar" in result.name for result in found)


async def test_clean_files_pass_whatever_their_size(daemon):
    sizes = (0, 1, 1023, 1024, 1025, 300_000, 1024 * 1024 - 1)
    found = await results(daemon, *(b"x" * size for size in sizes))
    assert found == [Clean()] * len(sizes)


async def test_what_is_larger_than_it_examines_is_not_sent(scanner, clamd):
    large = scanner(url=clamd.url, transfer="stream", max_file="8MiB")
    (found,) = await results(large, bytes(3 * 1024 * 1024))
    assert isinstance(found, NotExamined)
    assert found.trouble is Trouble.TOO_LARGE
    assert 0.9 * 2 * 1024 * 1024 < large.health.largest <= 2 * 1024 * 1024


async def test_the_limit_of_a_server_that_calls_larger_files_clean_is_found_out(scanner, icap_url):
    large = scanner(url=icap_url, max_file="8MiB")
    await results(large, b"")
    assert SMALLEST_ARCHIVE < large.health.largest <= 2 * 1024 * 1024


async def test_an_archive_in_which_clamd_cannot_look_is_not_examined(scanner, clamd):
    nested = EICAR
    for _ in range(20):
        nested = zipped(nested)
    (found,) = await results(scanner(url=clamd.url), nested)
    assert (type(found), found.trouble) == (NotExamined, Trouble.INCOMPLETE)


async def test_an_icap_service_that_scans_nothing_is_not_relied_on(scanner, icap_url):
    echo = scanner(url=icap_url.replace("avscan", "echo"))
    (found,) = await results(echo, b"clean")
    assert (type(found), found.trouble) == (NotExamined, Trouble.DOWN)
    assert "EICAR" in echo.health.why_down


async def test_a_service_that_does_not_exist_is_down(scanner, icap_url):
    (found,) = await results(scanner(url=icap_url.replace("avscan", "nothing")), b"clean")
    assert found.trouble is Trouble.DOWN
