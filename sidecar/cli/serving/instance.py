"""One running sidecar: everything made, wired together, and ended in order."""

import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from sidecar.cli.config_file import build_config
from sidecar.cli.labels import labels
from sidecar.cli.serving.open_files import connections_that_fit
from sidecar.cli.serving.operators import Operators
from sidecar.cli.serving.starting import require_places
from sidecar.cli.serving.telling import Telling
from sidecar.cli.serving.view import Sources, View
from sidecar.inspection import charsets
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.libmagic import Identifier
from sidecar.isolation.need import examines
from sidecar.isolation.pool import Pool
from sidecar.policy.settings.model import Config, Mode
from sidecar.proxy import aiohttp_compat
from sidecar.proxy.control.certificate_watch import CertificateWatch
from sidecar.proxy.control.in_force import InForce
from sidecar.proxy.control.live import Live, Source
from sidecar.proxy.control.reload import Build
from sidecar.proxy.control.restart_only import as_started
from sidecar.proxy.control.switches import Switches
from sidecar.proxy.downstream.admission import Admission
from sidecar.proxy.drain import Drain
from sidecar.proxy.exchange.exchange import Means
from sidecar.proxy.held.spool import Room
from sidecar.proxy.inspecting.examiner import Examiner
from sidecar.proxy.inspecting.quarantining import Quarantining
from sidecar.proxy.server import ProxyServer, turn_away
from sidecar.proxy.sockets.tunnel import Tunnels
from sidecar.scanners.panel import Panel
from sidecar.telemetry.log import LogOutput
from sidecar.telemetry.loop_lag import LoopLag
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.readings import Readings

_SPOOL_THREADS: Final = 4


class Instance:
    """Made from one configuration file; lives on the running loop from `start` to `stop`.

    Attributes:
        address: where clients connect.
        operators: the ports beside it.
        live: the configuration in force.
        log_lock: nobody else writes to the log.
    """

    log_lock: Final = None

    def __init__(
        self,
        source: Source | None,
        environ: Mapping[str, str],
        flags: Mapping[str, str],
        *,
        share: int = 1,
        started: Config | None = None,
        handed: Mode | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            source: the configuration's file.
            environ: overrides it.
            flags: override both.
            share: how many processes divide the limits between them.
            started: what those were started with, where this one may be in another's place.
            handed: the strictest mode that the switches leave, where a supervisor looks at them.
        """
        aiohttp_compat.self_test()
        self._log: LogOutput | None = None
        self._ready = self._loaded = False
        self._examiner = Examiner(Identifier)
        charsets.load()
        self.metrics = Metrics(labels())
        self._telling = Telling(self.metrics, lambda: self.live.current)
        self._panel = Panel(self.metrics.scans, time.monotonic, share=share)
        sources = Sources(str(source or "built-in defaults"), environ, flags)
        switches = Switches(time.time, handed=handed)
        build: Build = partial(build_config, environ=environ, flags=flags)
        build = build if started is None else as_started(started, build)
        self.live = Live(source, build, self, switches=switches, origin=sources.of_mode)
        config = self.live.current.config
        if started is None:  # whoever takes another's place is needed, however full the disk is by now
            require_places(config)
        self.address = ""
        self._admission = Admission(
            lambda: self.live.current.config.overload, self._turn_away, fit=connections_that_fit(), share=share
        )
        self._tunnels = Tunnels()
        self._room = Room(config.spool.max_bytes // share, config.spool.max_memory // share)
        self._spool_threads = ThreadPoolExecutor(_SPOOL_THREADS, thread_name_prefix="spool")
        told = self.metrics.isolation
        self._pool = Pool(lambda: self.live.current.config.isolation, told.died, told.filtered, share=share)
        self._quarantining = Quarantining(self.metrics.scans.quarantined)
        self._server = ProxyServer(self._means())
        trust = (lambda: self._server.trust, lambda: self.live.current.service.trust)
        self._certificates = CertificateWatch(trust, self.metrics.state.certificates)
        self._drain = Drain(lambda: self.live.current.config.drain, self._server)
        self._lag = LoopLag()
        view = View(
            self.live, sources, self.metrics, self._room, self.not_ready, self._in_flight, self._telling.refusals
        )
        self.operators = Operators(view, self.live, self.drain)

    # What Live tells (its Witness)

    def reloaded(self, in_force: InForce) -> None:
        """A configuration is in force: the first, or a new one."""
        config = in_force.config
        first, self._loaded = not self._loaded, True
        self.metrics.add_routes(route.label for route in config.routes)
        if config.upstream.db_calls:
            self.metrics.expect_db_calls()
        tell = self.metrics.state.started if first else self.metrics.state.reloaded
        tell(in_force.sha256, in_force.since)
        self.mode_changed(in_force)
        self._panel.apply(config)
        self._telling.apply(config)
        self.metrics.scans.follow(self._panel.scanners)
        if self._log is not None:
            self._log.apply(config.log)
        if self._ready:
            self._prepare()
            self._certificates.look()

    def mode_changed(self, in_force: InForce) -> None:
        """Another mode may be in force, or another share."""
        self.metrics.state.decided(in_force.decision, in_force.mode_since, in_force.router.shares())

    def reload_failed(self) -> None:
        """A file was refused."""
        self.metrics.state.reload_failed()

    # Its life

    def _in_flight(self) -> int:
        return self._server.in_flight

    def not_ready(self) -> list[str]:
        """Why new traffic is not welcome."""
        if self._drain.stopping:
            return ["this instance is shutting down"]
        if self._drain.under_way:
            return ["this instance is draining"]
        in_force = self.live.current
        return self._panel.not_ready(in_force.config, in_force.mode) if self._ready else ["this instance is starting"]

    async def start(self, log: LogOutput | None = None, *, inherited: str = "") -> None:
        """Listen and watch.

        Args:
            log: takes the level of every new configuration.
            inherited: address of a socket that a supervisor has bound; it sees to operators and the file, too.

        Raises:
            ListenError: an address cannot be had.
        """
        config = self.live.current.config
        self._read_gauges()
        self._lag.start()
        self._log = log
        if not inherited:
            await self.operators.start(config)
            await self.operators.watch()
        self._prepare()
        self._panel.start()
        self._quarantining.start(lambda: self.live.current.config.quarantine)
        self.address = await self._server.start(inherited or config.listen)
        self._certificates.start()
        self._ready = True

    def _prepare(self) -> None:
        """Start what examines files, where any policy in force needs it."""
        if examines(self.live.current.config):
            self._pool.prepare()

    def _means(self) -> Means:
        return Means(
            live=self.live,
            admission=self._admission,
            examiner=self._examiner,
            room=self._room,
            spool_threads=self._spool_threads,
            clock=time.monotonic,
            report=self._telling.report,
            draining=lambda: self._server.ends_keep_alive,
            tunnels=self._tunnels,
            pool=self._pool,
            panel=self._panel,
            quarantining=self._quarantining,
        )

    def _turn_away(self, reason: Reason) -> bytes:
        return turn_away(reason, self.metrics.shed, self._admission.retry_after)

    def _read_gauges(self) -> None:
        self.metrics.read_from(
            Readings(
                requests_in_flight=self._in_flight,
                tunnels_open=lambda: self._tunnels.open,
                spool_used_bytes=lambda: self._room.used,
                spool_limit_bytes=lambda: self._room.limit,
                event_loop_lag_seconds=self._lag.worst,
                ready=lambda: float(not self.not_ready()),
                draining=lambda: float(self._drain.under_way),
            )
        )

    def load(self) -> dict[str, Any]:
        """What a supervisor wants to know."""
        return {
            "not_ready": self.not_ready(),
            "draining": self._drain.under_way,
            "in_flight": self._in_flight(),
            "spool_used": self._room.used,
            "spool_trouble": self._room.trouble.recent,
            "refusals": self._telling.refusals.listed(),
        }

    async def drain(self) -> int:
        """Drain and live on; how many exchanges were still under way when time was up."""
        return await self._drain.ask()

    async def stop(self, *, accept_for: float) -> int:
        """Drain and end; how many exchanges were cut."""
        cut = await self._drain.stop(accept_for=accept_for)
        await self._end()
        return cut

    async def _end(self) -> None:
        await self._server.close()
        await self.operators.close()
        await self._certificates.close()
        self.live.current.service.close()
        self._lag.stop()
        self._telling.close()
        await self._panel.close()
        await self._quarantining.close()
        await self._pool.stop()
        self._examiner.close()
        self._spool_threads.shutdown(wait=True, cancel_futures=True)
