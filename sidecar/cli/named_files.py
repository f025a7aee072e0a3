"""Looks at the files without which `run` does not start, as far as they can be read on this machine."""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.settings.model import Config
from sidecar.policy.values.addresses import speaks_tls
from sidecar.proxy.control.key_file import KeyFile
from sidecar.proxy.control.known_lists import lists_of, read_list
from sidecar.proxy.control.next_start import require_tls
from sidecar.proxy.control.writable import unwritable
from sidecar.proxy.sockets import tls
from sidecar.proxy.sockets.certificates import EXPECTED, doubt, ends
from sidecar.scanners.quarantine import PRIVATE, open_to_others

_ELSEWHERE: Final = "it where `run` runs, which does not start without it"
_Step = tuple[Mapping[str, str], Callable[[], object]]
"""Paths by their settings, and what `run` reads these files with."""


def look(config: Config, now: float) -> list[Problem]:
    """What cannot be looked at on this machine and may be right on another, and what will not be right for long.

    Args:
        config: names the files.
        now: Unix time.

    Raises:
        ConfigError: everything that is wrong in the files that can be read.
    """
    wrong: list[Problem] = []
    unseen: list[Problem] = []
    for paths, read in _steps(config):
        missing = [_unseen(setting, path, why) for setting, path in paths.items() if (why := _unreadable(path))]
        unseen += missing
        if not missing:
            wrong += _problems(read)
    if wrong:
        raise ConfigError(wrong)
    return [*unseen, *_places(config), *_ending(config, now)]


def _steps(config: Config) -> Iterator[_Step]:
    for setting, path in (("receipt.key_file", config.receipt.key_file), ("audit.key_file", config.audit.key_file)):
        if path:
            yield {setting: path}, partial(KeyFile, path, setting=setting)
    if authorities := _authorities(config):
        yield authorities, partial(tls.to_service, config.upstream.ca)
    for name, policy in config.policies.items():
        for setting, path in lists_of(name, policy):
            yield {setting: path}, partial(read_list, setting, path)
    if files := tls.named_files(config.tls):
        yield files, partial(require_tls, config.tls)


def _authorities(config: Config) -> dict[str, str]:
    ca = config.upstream.ca
    return {"upstream.ca": ca} if ca and speaks_tls(config.upstream.url) else {}


def _ending(config: Config, now: float) -> Iterator[Problem]:
    """Certificates that nobody will believe for long, or believes any more: `run` starts with them."""
    paths = {**tls.named_files(config.tls), **_authorities(config)}
    contents = {setting: Path(path).read_bytes() for setting, path in paths.items() if not _unreadable(path)}
    for setting, end in ends(contents).items():
        if why := doubt(end, now):
            yield Problem(setting, None, why, EXPECTED, paths[setting])


def _problems(read: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        read()
    except ConfigError as error:
        return error.problems
    return ()


def _unreadable(path: str) -> str:
    try:
        with Path(path).open("rb"):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def _places(config: Config) -> Iterator[Problem]:
    """Files and directories that are written to, and those that are looked into."""
    yield from (_unseen(place.path, place.actual, place.message) for place in unwritable(config))
    for name, scanner in config.scanners.items():
        rules = scanner.url.removeprefix("yara://")
        if rules != scanner.url and not os.path.isdir(rules):  # noqa: PTH112 - Path raises where nobody may look
            yield _unseen(f"scanners.{name}.url", rules, "there is no such directory")
    kept = config.quarantine.directory
    if kept and (why := open_to_others(Path(kept))):
        yield Problem("quarantine.directory", None, why, PRIVATE, kept)


def _unseen(setting: str, path: str, why: str) -> Problem:
    return Problem(setting, None, f"cannot be looked at here: {why}", _ELSEWHERE, path)
