"""Other names that services give an endpoint by themselves: behind a front controller, and with a format at the end."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.policy.values.suffixes import SUFFIXES_RUN_ANYWHERE

_SCRIPTS: Final = (*SUFFIXES_RUN_ANYWHERE, "action", "dll", "do", "exe", "pl", "py", "rb", "svc")
_SCRIPT: Final = re.compile(rf"/[^/]*\.(?:{'|'.join(_SCRIPTS)})(?=/)", re.IGNORECASE)


def other_names(path: str) -> Iterator[str]:
    """What the path may be another name of.

    `/index.php/upload` is `/upload` to a script that answers for all paths (RFC 3875, section 4.1.5), `/upload.json` to
    Rails (`(.:format)`), Django REST framework (`format_suffix_patterns`) and Spring before 5.3.
    """
    routed = _SCRIPT.sub("", path)
    if routed != path:
        yield routed
    for name in {path, routed}:
        folder, slash, last = name.rstrip("/").rpartition("/")
        for stem in {last.partition(".")[0], last.rpartition(".")[0]} - {""}:
            if stem != last:
                yield folder + slash + stem
