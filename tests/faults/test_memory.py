"""Memory is bounded beside a hostile crowd, idle connections and very large uploads; time is not judged."""

import pytest

from bench.traffic.honest import flow, large, upload
from bench.traffic.watched import MiB, crowd, sidecar

GOOD = upload(10_000)


async def settled(target) -> int:
    """Bytes resident once everything has been used."""
    await flow(target.port, GOOD, expected=200, seconds=0.4, rate=50)
    target.forget_peak()
    return target.held().resident


async def test_good_traffic_passes_beside_a_hostile_crowd_in_bounded_memory():
    async with sidecar() as target:
        before = await settled(target)
        async with crowd(target, seconds=30, ramp=0.5, heads=100, bodies=100, readers=50) as there:
            assert there["connected"] == 250
            good = await flow(target.port, GOOD, expected=200, seconds=1.5, rate=40)
            assert good.failed == []
            assert target.held().peak - before < 64 * MiB


async def test_ten_thousand_idle_connections_fit_into_120_megabytes():
    async with sidecar() as target:
        before = await settled(target)
        async with crowd(target, seconds=30, ramp=1.5, idle=1000) as there:
            assert there["idle"] == 1000
            grown = target.held().resident - before
            assert before + 10 * grown < 120_000_000
            assert (await flow(target.port, GOOD, expected=200, seconds=0.2, rate=50)).failed == []


@pytest.mark.parametrize(("delivery", "bound"), [("stream", 8), ("hold", 16)])
async def test_a_large_upload_is_never_held_in_memory(delivery, bound):
    routes = [{"path": "/upload", "delivery": delivery}]
    async with sidecar(routes=routes, policies={"default": {"max_body": "1GiB", "max_file": "1GiB"}}) as target:
        before = await settled(target)
        status, _ = await large(target.port, 300 * MiB, "/upload")
        assert status == 200
        assert target.held().peak - before < bound * MiB
