"""The systems that are compared: each a program, its configuration and how it is started."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

Command = list[str]
Prepare = Callable[[Path, int, int], Command]
"""Writes the configuration into a folder; from the port to listen on and the service's port to the command."""

RULES = Path("/usr/share/modsecurity-crs/rules")
RECOMMENDED = Path("/etc/modsecurity/modsecurity.conf-recommended")


@dataclass(frozen=True)
class Peer:
    """One system."""

    name: str
    prepare: Prepare
    needs: tuple[str, ...] = ()
    """Programs or files without which it is left out."""
    slow: bool = False
    """Left out of the scenarios with large files unless asked for."""

    @property
    def missing(self) -> list[str]:
        """What it needs and this machine has not."""
        return [need for need in self.needs if not (shutil.which(need) or Path(need).exists())]


def nginx(buffering: str, *, rules: bool = False) -> Prepare:
    """nginx, with or without ModSecurity and the Core Rule Set."""

    def prepare(folder: Path, port: int, service: int) -> Command:
        load = "load_module /usr/lib/nginx/modules/ngx_http_modsecurity_module.so;" if rules else ""
        guard = f"modsecurity on; modsecurity_rules_file {modsecurity(folder)};" if rules else ""
        path = folder / "nginx.conf"
        path.write_text(f"""
            {load} {_user()} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{ worker_connections 4096; }}
            http {{
              access_log off; client_max_body_size 0; client_body_buffer_size 1m; keepalive_requests 100000000;
              client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
              uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s; {guard}
              upstream service {{ server 127.0.0.1:{service}; keepalive 64; keepalive_requests 100000000; }}
              server {{ listen 127.0.0.1:{port}; location / {{
                proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
                proxy_request_buffering {buffering}; }} }} }}""")
        return ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(path)]

    return prepare


def _user() -> str:
    """Root's workers must be root too: the folder is nobody else's."""
    return "user root;" if os.geteuid() == 0 else ""


def modsecurity(folder: Path) -> Path:
    """The recommended configuration with the Core Rule Set, blocking, and limits high enough for the scenarios.

    Rule 200004 refuses honest files in which a line happens to begin with two hyphens.
    """
    text = RECOMMENDED.read_text().replace("SecRuleEngine DetectionOnly", "SecRuleEngine On")
    left_out = ("SecAudit", "SecUnicodeMapFile", "SecRequestBodyInMemoryLimit", "SecRequestBodyLimit ", "SecTmpDir",
                "SecDataDir", "SecRequestBodyNoFilesLimit", "SecArgumentsLimit")  # fmt: skip
    kept = [line for line in text.splitlines() if not line.startswith(left_out)]
    limits = (
        "SecAuditEngine Off", "SecRequestBodyLimit 2147483647", "SecRequestBodyNoFilesLimit 1048576",
        "SecArgumentsLimit 2000", "SecRuleRemoveById 200004", f"SecTmpDir {folder}",
        f"SecDataDir {folder}", f"SecUploadDir {folder}",
        "Include /etc/modsecurity/crs/crs-setup.conf", f"Include {RULES}/*.conf",
    )  # fmt: skip
    path = folder / "modsecurity.conf"
    path.write_text("\n".join((*kept, *limits)) + "\n")
    return path


def haproxy(folder: Path, port: int, service: int) -> Command:
    """HAProxy as it comes."""
    path = folder / "haproxy.cfg"
    path.write_text(f"""
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend clients
  bind 127.0.0.1:{port}
  default_backend service
backend service
  http-reuse safe
  server one 127.0.0.1:{service}
""")
    return ["haproxy", "-db", "-f", str(path)]


def apache(folder: Path, port: int, service: int) -> Command:
    """Apache with ModSecurity and the Core Rule Set."""
    modules = {
        "mpm_event": "mod_mpm_event", "authz_core": "mod_authz_core", "proxy": "mod_proxy",
        "proxy_http": "mod_proxy_http", "unique_id": "mod_unique_id", "security2": "mod_security2",
    }  # fmt: skip
    loads = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/{file}.so" for name, file in modules.items())
    path = folder / "apache.conf"
    path.write_text(f"""
ServerName bench.test
ServerRoot {folder}
PidFile {folder}/apache.pid
ErrorLog {folder}/error.log
{loads}
Listen 127.0.0.1:{port}
MaxKeepAliveRequests 0
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
Include {modsecurity(folder)}
ProxyPass / http://127.0.0.1:{service}/
""")
    return ["apache2", "-f", str(path), "-DFOREGROUND"]


_AS_IN_THE_IMAGE = ("env", "PYTHONOPTIMIZE=2", "PYTHONNODEBUGRANGES=1", "FROZENLIST_NO_EXTENSIONS=1")


def sidecar(
    mode: str,
    *,
    delivery: str = "hold",
    workers: int = 1,
    reuse: str = "all",
    checks: Mapping[str, str] = MappingProxyType({}),
) -> Prepare:
    """The sidecar, with limits high enough for the scenarios."""

    def prepare(folder: Path, port: int, service: int) -> Command:
        path = folder / "sidecar.yaml"
        limits = {"max_body": "4GiB", "max_file": "4GiB", "max_parts": 2000, "checks": dict(checks)}
        settings = {
            "mode": mode,
            "listen": f"127.0.0.1:{port}",
            "admin": {"listen": "127.0.0.1:0"},
            "upstream": {"url": f"http://127.0.0.1:{service}", "reuse": reuse},
            "spool": {"directory": str(folder), "max_bytes": "16GiB"},
            "isolation": {"max_file": "4GiB"} | ({"idle": "200ms"} if checks is ON_THE_LOOP else {}),
            "policies": {"default": limits},
            "routes": [{"path": "/upload", "delivery": delivery}],
            "log": {"level": "warning"},
        }
        if workers > 1:
            settings["workers"] = workers
        path.write_text(json.dumps(settings))
        return [*_AS_IN_THE_IMAGE, sys.executable, "-m", "sidecar", "run", "--config", str(path)]

    return prepare


def plain(_folder: Path, port: int, service: int) -> Command:
    """A proxy on aiohttp that inspects nothing."""
    return [sys.executable, "-m", "bench.plain_proxy", str(port), str(service)]


def bare(*flags: str) -> Prepare:
    """The floor under every proxy in Python: nothing but what cannot be left out."""

    def prepare(folder: Path, port: int, service: int) -> Command:
        return [sys.executable, "-m", "bench.bare_proxy", str(port), str(service), "--spool", str(folder), *flags]

    return prepare


ON_THE_LOOP = {
    "image_metadata": "off",
    "image_size": "off",
    "image_structure": "off",
    "image_delegates": "off",
    "polyglot": "off",
}
"""Without the checks that examine the scenarios' images whole, and so soon without the workers that wait for files."""
_GUARD = (str(RULES), str(RECOMMENDED))
PEERS = (
    Peer("nginx buffering", nginx("on"), ("nginx",)),
    Peer("nginx streaming", nginx("off"), ("nginx",)),
    Peer("HAProxy", haproxy, ("haproxy",)),
    Peer("nginx + ModSecurity + CRS", nginx("on", rules=True), ("nginx", *_GUARD), slow=True),
    Peer("Apache + ModSecurity + CRS", apache, ("apache2", *_GUARD), slow=True),
    Peer("plain aiohttp proxy", plain),
    Peer("bare Python, held, SHA-256", bare()),
    Peer("bare Python, held", bare("--no-digest")),
    Peer("bare Python, streamed, SHA-256", bare("--stream")),
    Peer("sidecar off", sidecar("off")),
    Peer("sidecar off, reuse: reads", sidecar("off", reuse="reads")),
    Peer("sidecar monitor", sidecar("monitor")),
    Peer("sidecar enforce, hold", sidecar("enforce")),
    Peer("sidecar hold, no workers", sidecar("enforce", checks=ON_THE_LOOP)),
    Peer("sidecar stream, no workers", sidecar("enforce", delivery="stream", checks=ON_THE_LOOP)),
    Peer("sidecar hold, no workers, reuse: reads", sidecar("enforce", checks=ON_THE_LOOP, reuse="reads")),
    Peer("sidecar enforce, stream", sidecar("enforce", delivery="stream")),
    Peer("sidecar enforce, 2 workers", sidecar("enforce", workers=2)),
)
