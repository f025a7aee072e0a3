"""A worker is told each policy once, and judges every file by its own."""

import pytest

from sidecar.policy.settings.model import Policy
from tests.descriptors import open_descriptors

from .conftest import MemoryCopy

SETTINGS = {"memory": 64 * 1024 * 1024, "workers": 1, "cpu": 100}


async def judged(pool, policy: Policy, deed: bytes = b"environment") -> list[str]:
    examined = await pool.examine(MemoryCopy(deed), policy, stop_at_first=False)
    return [finding.reason.code for finding in examined.findings]


@pytest.mark.usefixtures("misbehaving")
async def test_policies_do_not_mix_on_one_worker(pool_of):
    pool, asks, asks_not = pool_of(**SETTINGS), Policy(), Policy(checks={"misbehaving": "off"})
    for _ in range(3):
        assert await judged(pool, asks) == ["check_failed"]
        assert await judged(pool, asks_not) == []
    assert pool._workers._template._last == 1


@pytest.mark.usefixtures("misbehaving")
async def test_policies_without_number_leave_no_descriptors(pool_of):
    pool = pool_of(**SETTINGS)
    await judged(pool, Policy())
    before = open_descriptors()
    for number in range(150):
        checks = {} if number % 2 else {"misbehaving": "off"}
        assert await judged(pool, Policy(max_parts=number + 1, checks=checks)) == ["check_failed"] * (number % 2)
    assert open_descriptors() == before
    await pool.stop()
    assert open_descriptors() < before
