"""One command brings the community up, Ctrl-C takes all of it down, and the second time is quick."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from fuhui.config.engine import Engine
from fuhui.config.processes import is_alive, postgres_in
from fuhui.config.servers import answers, free_port, port_is_free

_MARK_LOADED = "from fuhui.config.cli.boot import start_engine; start_engine();"
_MARK_LOADED += "from fuhui.config import schema; schema.remember(demo='ready')"


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Environment of an installation with tables; the data of the demo has its own tests."""
    var = tmp_path_factory.mktemp("demo") / "var"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FUHUI_")}
    environment |= {"FUHUI_VAR": str(var), "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"}
    for words in (["-m", "fuhui.config.cli", "migrate"], ["-c", _MARK_LOADED]):
        subprocess.run([sys.executable, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    Engine(var / "postgres").stop()
    yield environment
    Engine(var / "postgres").stop()


@dataclass
class Demo:
    """A running demo and what it has said so far."""

    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def serves(self, port: int) -> bool:
        """Answers within half a minute: other tests share the machine, and one answer may wait its turn."""
        deadline = time.monotonic() + 30
        while not (well := answers(f"http://127.0.0.1:{port}/healthz")) and time.monotonic() < deadline:
            time.sleep(0.2)
        return well

    def end(self, kind: signal.Signals | None = None) -> int:
        if kind:
            self.process.send_signal(kind)
        return self.process.wait(30)


def _start(environment: dict[str, str], port: int) -> Demo:
    """Returns when the address is printed (or the command has ended)."""
    command = [sys.executable, "-m", "fuhui.config.cli", "demo", "--host", "127.0.0.1", "--port", str(port)]
    output = Path(environment["FUHUI_VAR"]) / f"said-{time.monotonic_ns()}"
    with output.open("w") as file:
        started = subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)
    demo = Demo(started, output)
    deadline = time.monotonic() + 90  # other tests share the machine
    while "已经打开" not in demo.said() and time.monotonic() < deadline and demo.process.poll() is None:
        time.sleep(0.05)
    return demo


def _below(pid: int) -> list[int]:
    """The processes that this one started, and theirs."""
    listing = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    found = [child for child, parent in pairs if parent == pid]
    return [*found, *(further for child in found for further in _below(child))]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_it_started(installation: dict[str, str], kind: signal.Signals) -> None:
    port = free_port()
    demo = _start(installation, port)
    assert demo.serves(port), demo.said()
    started = _below(demo.process.pid)
    assert len(started) >= 3
    assert demo.end(kind) == 0
    assert "已全部停止" in demo.said()
    assert [pid for pid in started if is_alive(pid)] == []
    assert postgres_in(Path(installation["FUHUI_VAR"]) / "postgres" / "data") == []
    assert port_is_free("127.0.0.1", port)


def test_a_second_start_prepares_nothing_again(installation: dict[str, str]) -> None:
    """What keeps it under five seconds (measured by `make demo` itself; a timed test would measure the machine)."""
    demo = _start(installation, free_port())
    said = demo.said()
    assert demo.end(signal.SIGINT) == 0
    assert "网页和后台任务" in said
    assert [step for step in ("建表", "清空数据库", "演示社区 …") if step in said] == []


def test_an_engine_that_ran_before_is_left_running(installation: dict[str, str]) -> None:
    engine = Engine(Path(installation["FUHUI_VAR"]) / "postgres")
    engine.ensure()
    assert _start(installation, free_port()).end(signal.SIGINT) == 0
    assert engine.is_running()
    engine.stop()


def test_a_port_in_use_is_said_with_another_to_try(installation: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        said = subprocess.run(
            [sys.executable, "-m", "fuhui.config.cli", "demo", "--host", "127.0.0.1", "--port", str(port)],
            env=installation, capture_output=True, text=True, check=False,
        )
    assert said.returncode == 1
    assert f"make demo PORT={port + 10}" in said.stderr


def test_a_part_that_dies_stops_the_rest_and_is_named(installation: dict[str, str]) -> None:
    port = free_port()
    demo = _start(installation, port)
    listing = subprocess.run(["ps", "-axo", "pid=,command="], capture_output=True, text=True, check=True).stdout
    below = set(_below(demo.process.pid))
    rows = [line.split(None, 1) for line in listing.splitlines()]
    worker = next(int(pid) for pid, command in rows if int(pid) in below and command.endswith("cli worker"))
    os.kill(worker, signal.SIGKILL)
    assert demo.end() == 2
    assert "worker 自己停了" in demo.said()
    assert port_is_free("127.0.0.1", port)


def test_after_being_killed_itself_it_starts_again(installation: dict[str, str]) -> None:
    port = free_port()
    first = _start(installation, port)
    started = _below(first.process.pid)
    first.end(signal.SIGKILL)
    deadline = time.monotonic() + 60
    # A free port is no proof: a server process that was still starting would listen a moment later.
    while any(is_alive(pid) for pid in started) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in started if is_alive(pid)] == []
    second = _start(installation, port)
    assert second.serves(port), second.said()
    assert second.end(signal.SIGINT) == 0
