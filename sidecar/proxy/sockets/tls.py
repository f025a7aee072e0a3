"""TLS contexts made from files, made anew when the files change."""

import hashlib
import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Tls
from sidecar.proxy.sockets import certificates

_log: Final = logging.getLogger("sidecar.tls")
_LOOK_SECONDS: Final = 1.0
_PROTOCOLS: Final = ["http/1.1"]


class Renewed:
    """One context, made anew when the content of its files changes; where that fails, the last good one stays.

    It looks on use, at most once in a second: no timer, no thread, and a rotated certificate is there with the first
    handshake that needs it. The content tells, not the time: a Secret is mounted through a symbolic link.

    Attributes:
        ends: when the certificates in use expire, as Unix time, by the settings that name them.
    """

    def __init__(
        self,
        make: Callable[[], ssl.SSLContext],
        files: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make the first one.

        Args:
            make: a context of what the files hold now.
            files: their paths, by the settings that name them.
            clock: seconds.

        Raises:
            OSError: a file cannot be read, or is not what it should be (`ssl.SSLError` is one).
        """
        self._make = make
        self._files = files
        self._clock = clock
        self._looked = clock()
        self._last_error = ""
        contents = self._read()
        self._digest, self.ends = _digest(contents), certificates.ends(contents)
        self._context = make()

    def current(self) -> ssl.SSLContext:
        """The context for the next handshake; never raises."""
        if self._clock() - self._looked >= _LOOK_SECONDS:
            self._looked = self._clock()
            self._renew()
        return self._context

    def _renew(self) -> None:
        try:
            contents = self._read()
            digest = _digest(contents)
            if digest == self._digest:
                return
            self._context = self._make()
        except (OSError, ValueError) as error:
            self._refuse(explain(error, list(self._files.values())))
            return
        self._digest, self.ends = digest, certificates.ends(contents)
        self._last_error = ""
        _log.info("TLS files changed and are in use: %s", ", ".join(self._files.values()))

    def _refuse(self, error: str) -> None:
        """Say it once: half of a pair may be there a moment before the other half."""
        if error != self._last_error:
            self._last_error = error
            _log.error("TLS files refused, the last good ones stay in use: %s", error)

    def _read(self) -> dict[str, bytes]:
        return {setting: Path(path).read_bytes() for setting, path in self._files.items()}


def _digest(contents: Mapping[str, bytes]) -> bytes:
    """One of all files, each prefixed by its length."""
    digest = hashlib.sha256()
    for content in contents.values():
        digest.update(b"%d:" % len(content) + content)
    return digest.digest()


class ForClients(NamedTuple):
    """What a listener needs."""

    context: ssl.SSLContext
    """Looks for a renewed certificate at every handshake."""
    renewed: Renewed
    """What it looks at."""


def for_clients(settings: Tls) -> ForClients:
    """TLS of a listener.

    Raises:
        OSError: as `Renewed` does.
    """

    def make() -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(settings.certificate, settings.key, password=_no_passphrase)
        context.set_alpn_protocols(_PROTOCOLS)
        if settings.client_ca:
            context.load_verify_locations(settings.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
            context.num_tickets = 0  # a resumed session is not verified again, so a withdrawn authority would live on
            context.options |= ssl.OP_NO_TICKET
        return context

    renewed = Renewed(make, named_files(settings))
    front = make()

    def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = renewed.current()

    front.sni_callback = choose
    return ForClients(front, renewed)


def named_files(settings: Tls) -> dict[str, str]:
    """The paths of the files that there are, by the settings that name them."""
    return {f"tls.{name}": path for name, path in as_json(settings).items() if path}


def to_service(ca: str) -> Renewed:
    """The context in which the service's certificate and name are verified.

    Raises:
        ConfigError: the file of authorities cannot be used.
    """

    def make() -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=ca or None)
        context.set_alpn_protocols(_PROTOCOLS)
        return context

    try:
        return Renewed(make, {"upstream.ca": ca} if ca else {})
    except OSError as error:
        expected = "a file of certificates in PEM that this user can read"
        raise ConfigError([Problem("upstream.ca", None, explain(error, [ca]), expected, file=ca)]) from error


def explain(error: Exception, files: Sequence[str]) -> str:
    """What is wrong with some files, in words for their owner."""
    if isinstance(error, ssl.SSLError):
        words = {"KEY_VALUES_MISMATCH": "the key is not that of the certificate"}
        code = getattr(error, "reason", None) or str(error)  # OpenSSL's word, where the error came from there
        reason = words.get(code) or f"not certificates and keys in PEM ({code})"
        return f"{', '.join(files)}: {reason}"
    if isinstance(error, OSError):
        return f"{error.filename or ', '.join(files)}: {error.strerror}"
    return f"{', '.join(files)}: {error}"


def _no_passphrase() -> str:
    """OpenSSL would ask on the terminal, and wait."""
    raise ValueError("the key is encrypted; expected one without a passphrase")
