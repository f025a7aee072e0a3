"""Writes the PrometheusRule of the operator from the plain rule file."""

import sys
import textwrap
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
RULES: Final = HERE / "rules.yaml"
RESOURCE: Final = HERE.parent / "components" / "monitoring" / "prometheus-rule.yaml"
_HEAD: Final = """\
# Made by deploy/monitoring/build.py from deploy/monitoring/rules.yaml: change that, and run it.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: upload-sidecar
spec:
"""


def resource(rules: str) -> str:
    """The rule file as the operator wants it."""
    return _HEAD + textwrap.indent(rules[rules.index("groups:") :], "  ")


if __name__ == "__main__":
    RESOURCE.write_text(resource(RULES.read_text()))
    sys.stdout.write(f"{RESOURCE.name} is made.\n")
