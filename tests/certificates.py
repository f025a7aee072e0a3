"""Certificates made for one test, and their files."""

from datetime import datetime, timedelta
from pathlib import Path

import trustme


class Authority:
    """Vouches for names, and writes what it vouches for."""

    def __init__(self, directory: Path, name: str = "ca") -> None:
        self._ca = trustme.CA()
        self._directory = directory
        self.path = str(directory / f"{name}.pem")
        self._ca.cert_pem.write_to_path(self.path)

    def write(self, *names: str, to: str = "server", until: datetime | None = None) -> dict[str, str]:
        """The paths of a certificate for some names, good until then, and of its key."""
        since = until and until - timedelta(days=90)
        issued = self._ca.issue_cert(*names, not_before=since, not_after=until)
        paths = {"certificate": str(self._directory / f"{to}.pem"), "key": str(self._directory / f"{to}.key")}
        for path in paths.values():
            Path(path).unlink(missing_ok=True)
        for blob in issued.cert_chain_pems:
            blob.write_to_path(paths["certificate"], append=True)
        issued.private_key_pem.write_to_path(paths["key"])
        return paths
