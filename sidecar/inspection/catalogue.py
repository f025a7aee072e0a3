"""Which checks and which reasons there are."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType

from sidecar.inspection import checks, unexamined
from sidecar.inspection.check import Check
from sidecar.inspection.limits import INSIDE, Limits
from sidecar.inspection.reason import Reason, reason_of
from sidecar.multipart.grammar import RULES


class MisplacedCheckError(Exception):
    """A file in `inspection/checks/` does not hold exactly one check."""


@cache
def all_checks() -> Mapping[str, type[Check]]:
    """Every check by its name, in alphabetical order.

    Raises:
        MisplacedCheckError: a file holds none, or several, or one under a name that is taken.
    """
    found: dict[str, type[Check]] = {}
    for module in _modules():
        check = _only_check(module)
        if found.setdefault(check.name, check) is not check:
            raise MisplacedCheckError(f"{module.__name__}: the name {check.name} is taken by {found[check.name]}")
    return MappingProxyType(dict(sorted(found.items())))


def inspection_reasons() -> tuple[Reason, ...]:
    """Every reason why an inspection can refuse: the grammar's, the limits', the Inspector's own, the checks'."""
    checked = (reason for check in all_checks().values() for reason in check.reasons)
    return (*map(reason_of, RULES), *Limits.reasons, *INSIDE, *unexamined.REASONS, *checked)


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(checks.__path__, f"{checks.__name__}."):
        yield importlib.import_module(module.name)


def _only_check(module: ModuleType) -> type[Check]:
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Check) and value.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise MisplacedCheckError(f"{module.__name__}: expected exactly one subclass of Check, found {len(own)}")
    return own[0]
