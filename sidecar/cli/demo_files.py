"""What the demo puts into its directory: a configuration, a good file and a bad one."""

import struct
import zlib
from pathlib import Path
from typing import Final

_CONFIG: Final = """\
# The demo's own configuration: change it while the demo runs; it takes effect within 1.5 seconds.
change:
  owner: you
  reason: trying the sidecar
mode: enforce              # try monitor, or off
listen: 127.0.0.1:{port}
admin:
  listen: 127.0.0.1:{admin_port}
upstream:
  url: http://127.0.0.1:{service_port}
spool:
  directory: "{directory}"
drain:
  accept_for: 0
  timeout: 5s
"""
_INSTRUCTIONS: Final = """
The sidecar listens on http://127.0.0.1:{port}, in front of the example service. Try, in another terminal:

  # a good file: arrives at the service
  curl -F file=@{directory}/good.png http://127.0.0.1:{port}/upload

  # a bad one: refused, and the answer says why
  curl -F file=@{directory}/bad.php http://127.0.0.1:{port}/upload

  # what the service has stored
  curl http://127.0.0.1:{port}/upload

  # both uploads in the metrics
  curl -s http://127.0.0.1:{admin_port}/metrics | grep uploads_total

  # switch it off (or to monitor) while it runs, then send the bad file again
  sed -i.bak 's/^mode: .*/mode: off/' {directory}/sidecar.yaml

Ctrl-C ends both and removes {directory}.

"""


def write(directory: Path, port: int, admin_port: int, service_port: int) -> Path:
    """Fill the directory; the configuration's path."""
    (directory / "uploads").mkdir()
    (directory / "good.png").write_bytes(_png())
    (directory / "bad.php").write_bytes(b"<?php echo shell_exec($_GET['c']); ?>\n")
    config = directory / "sidecar.yaml"
    config.write_text(
        _CONFIG.format(port=port, admin_port=admin_port, service_port=service_port, directory=directory),
        encoding="utf-8",
    )
    return config


def instructions(directory: Path, port: int, admin_port: int) -> str:
    """What to try."""
    return _INSTRUCTIONS.format(directory=directory, port=port, admin_port=admin_port)


def _png() -> bytes:
    """A picture of 8 by 8 orange pixels (PNG, third edition, sections 5 and 11)."""
    rows = (b"\x00" + b"\xff\x8c\x00" * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
