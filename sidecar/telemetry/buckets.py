"""Upper bounds of the histograms."""

from typing import Final

TIME: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds: a whole exchange, a stage of it, the service's answer."""

OVERHEAD: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds: what the sidecar itself adds, a hundred times finer at its start than TIME."""

CALLS: Final = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0)
"""Calls of the database for one answer."""

SIZE: Final = tuple(1024.0 * 4**power for power in range(11))
"""Bytes: 1 KiB, times 4 up to 1 GiB."""
