"""`python -m sidecar`: the same as `upload-sidecar`."""

import sys

from sidecar.cli.main import main

sys.exit(main())
