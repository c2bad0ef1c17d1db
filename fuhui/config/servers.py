"""Starts, watches and stops the processes of an installation: web, live streams, background jobs."""

from __future__ import annotations

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

LIVE_APPLICATION = "fuhui.config.live"
STOP_SECONDS = 10.0
_PATIENCE_WITH_ERRORS = 3.0
LOG_LIMIT_BYTES = 20 * 1024 * 1024
Env = Mapping[str, str]
_OWN_PORTS = range(15000, 32000)
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class ServerTrouble(RuntimeError):
    """A process did not start or ended by itself. The message says which one and shows its last lines."""


@dataclass(frozen=True)
class Program:
    """One process to run. `health` is the address that answers 200 when it serves; empty: alive is enough."""

    name: str
    command: tuple[str, ...]
    health: str = ""
    environment: Env = field(default_factory=dict)


class Supervisor:
    """Runs programs, each in a process group of its own with its own log, until a signal or the end of one."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stop_asked = False

    def listen(self) -> None:
        """From now on SIGINT, SIGTERM and SIGHUP ask for an orderly stop."""
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, self._ask_to_stop)

    @property
    def stop_asked(self) -> bool:
        """True after one of the signals."""
        return self._stop_asked

    def start(self, program: Program) -> None:
        """Starts the program; its output goes to `<name>.log`, the former log is kept as `<name>.log.1`."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.log_of(program.name)
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_name(log.name + ".1"))
        with log.open("ab") as output:
            self._running[program.name] = subprocess.Popen(  # noqa: S603 - fixed programs
                program.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, **program.environment}, start_new_session=True, preexec_fn=_end_with_parent,
            )

    def log_of(self, name: str) -> Path:
        """The log file of a program."""
        return self.logs / f"{name}.log"

    def wait_healthy(self, program: Program, seconds: float) -> None:
        """Returns when the program answers; raises ServerTrouble when it ended or is silent after `seconds`."""
        begin = time.monotonic()
        while not self._stop_asked:
            self.check()
            status = status_of(program.health) if program.health else 200
            if status == 200:
                return
            waited = time.monotonic() - begin
            if status >= 500 and waited > _PATIENCE_WITH_ERRORS:
                raise ServerTrouble(self._trouble(program.name, f"起来了，但每个请求都出错（{status}）"))
            if waited > seconds:
                raise ServerTrouble(self._trouble(program.name, f"{seconds:.0f} 秒内没有应答"))
            time.sleep(0.05)

    def check(self) -> None:
        """Raises ServerTrouble when one of the programs has ended by itself."""
        for name, process in self._running.items():
            code = process.poll()
            if code is not None and not self._stop_asked:
                raise ServerTrouble(self._trouble(name, f"自己停了（退出码 {code}）"))

    def watch(self) -> None:
        """Returns after a signal; raises ServerTrouble when a program ends by itself."""
        while not self._stop_asked:
            self.check()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends everything it started, politely first; nothing is left after it."""
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(process, signal.SIGKILL)  # also children whose parent has gone
            process.wait()
        self._running.clear()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked = True
        if not self._running:  # still preparing: break that off
            raise KeyboardInterrupt

    def _trouble(self, name: str, what: str) -> str:
        log = self.log_of(name)
        tail = "\n".join(f"  │ {line}" for line in log.read_text(errors="replace").splitlines()[-15:])
        return f"{name} {what}。日志 {log} 的最后几行：\n{tail}"


def web_program(
    host: str, port: int, workers: int, threads: int = 4, *, respawn: bool = False, environment: Env | None = None
) -> Program:
    """Pages and API: granian, WSGI, kept connections (one database connection per thread).

    `respawn` replaces a worker process that ended; without it the whole server ends and says so.
    """
    command = (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--workers-kill-timeout", "5",
        "--log-level", "warning", *(["--respawn-failed-workers"] if respawn else []), "fuhui.config.wsgi:application",
    )
    return Program("web", command, f"http://{_reachable(host)}:{port}/healthz", environment or {})


def live_program(host: str, port: int, environment: Env | None = None) -> Program | None:
    """The live streams; None in an installation without them."""
    if find_spec(LIVE_APPLICATION) is None:
        return None
    command = (
        sys.executable, "-m", "uvicorn", f"{LIVE_APPLICATION}:application", "--host", host, "--port", str(port),
        "--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "2", "--lifespan", "auto",
    )
    return Program("live", command, f"http://{_reachable(host)}:{port}/healthz", environment or {})


def worker_program(environment: Env | None = None) -> Program:
    """The background jobs."""
    return Program("worker", (sys.executable, "-m", "fuhui.config.cli", "worker"), environment=environment or {})


def port_is_free(host: str, port: int) -> bool:
    """True when nothing listens there; a port that was just closed counts as free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port on localhost that is free now, as is the next one (`fuhui demo` takes two).

    From below the range that systems hand to outgoing connections (RFC 6056): such a port would be given to
    somebody's client before it is used. Raises ServerTrouble where none is found.
    """
    for _ in range(200):
        port = _OWN_PORTS.start + secrets.randbelow(len(_OWN_PORTS))
        if port_is_free("127.0.0.1", port) and port_is_free("127.0.0.1", port + 1):
            return port
    raise ServerTrouble(f"{_OWN_PORTS.start}–{_OWN_PORTS.stop} 之间没有找到空闲的端口。请关掉一些程序再试。")


def lan_address() -> str:
    """This machine's address in the local network, as a phone would enter it; empty where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation address: nothing is sent, only the route is asked for
            address: str = probe.getsockname()[0]
        except OSError:
            return ""
    return "" if address.startswith("127.") else address


def answers(address: str) -> bool:
    """True when a GET of the address gives 200 within two seconds."""
    return status_of(address) == 200


def status_of(address: str) -> int:
    """The HTTP status of a GET within two seconds; 0 where nothing answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound


def _signal_group(process: subprocess.Popen[Any], kind: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, kind)


def _end_with_parent() -> None:
    """On Linux a program gets SIGTERM when whoever started it is killed, so nothing is left holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM, 0, 0, 0)
