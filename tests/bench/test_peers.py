"""A peer must be able to do what the scenarios ask of it."""

from bench.peers import PEERS
from bench.scenarios import SCENARIOS
from sidecar.cli.config_file import build_config
from sidecar.inspection.unexaminable import unexaminable

LARGEST = max(scenario.file for scenario in SCENARIOS)


def test_every_sidecar_lets_in_and_examines_the_largest_file_of_the_scenarios(tmp_path):
    for peer in PEERS:
        if peer.name.startswith("sidecar"):
            peer.prepare(tmp_path, 1, 2)
            config = build_config((tmp_path / "sidecar.yaml").read_bytes(), {}, {})
            assert config.policies["default"].max_file > LARGEST
            assert list(unexaminable(config)) == []
