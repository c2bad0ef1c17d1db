"""Programs are started in groups of their own, watched, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuhui.config.processes import is_alive
from fuhui.config.servers import Program, ServerTrouble, Supervisor, free_port, port_is_free

_SERVE = "import http.server as h, sys; h.HTTPServer(('127.0.0.1', int(sys.argv[1])), h.SimpleHTTPRequestHandler)"
_WITH_CHILD = "import subprocess, sys; p = subprocess.Popen(['sleep', '300']); print(p.pid, flush=True); p.wait()"
_STUBBORN = "import signal as s, time; s.signal(s.SIGTERM, s.SIG_IGN); print('up', flush=True); time.sleep(300)"


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor whose programs are ended whatever the test does."""
    made = Supervisor(tmp_path / "log")
    yield made
    made.stop()


def _python(name: str, code: str, *words: str, health: str = "") -> Program:
    return Program(name, (sys.executable, "-c", code, *words), health)


def _said(supervisor: Supervisor, name: str) -> str:
    log = supervisor.log_of(name)
    for _ in range(200):
        if log.exists() and log.read_text():
            return log.read_text()
        time.sleep(0.05)
    return ""


def test_waiting_ends_when_the_program_answers(supervisor: Supervisor) -> None:
    port = free_port()
    web = _python("web", f"{_SERVE}.serve_forever()", str(port), health=f"http://127.0.0.1:{port}/")
    supervisor.start(web)
    supervisor.wait_healthy(web, 10)
    assert not port_is_free("127.0.0.1", port)
    supervisor.stop()
    assert port_is_free("127.0.0.1", port)


def test_a_program_that_breaks_is_named_with_its_last_lines(supervisor: Supervisor) -> None:
    broken = _python("web", "raise SystemExit('缺少设置 X')", health="http://127.0.0.1:9/")
    supervisor.start(broken)
    with pytest.raises(ServerTrouble, match=r"(?s)web 自己停了（退出码 1）.*缺少设置 X"):
        supervisor.wait_healthy(broken, 10)


def test_a_program_that_stays_silent_is_named(supervisor: Supervisor) -> None:
    silent = _python("web", "import time; time.sleep(60)", health=f"http://127.0.0.1:{free_port()}/")
    supervisor.start(silent)
    with pytest.raises(ServerTrouble, match="没有应答"):
        supervisor.wait_healthy(silent, 0.3)


def test_stopping_reaches_the_children_of_a_program(supervisor: Supervisor) -> None:
    supervisor.start(_python("web", _WITH_CHILD))
    child = int(_said(supervisor, "web").split()[0])
    assert is_alive(child)
    supervisor.stop()
    time.sleep(0.1)
    assert not is_alive(child)


def test_a_program_that_ignores_the_polite_signal_is_ended(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fuhui.config.servers.STOP_SECONDS", 0.5)
    supervisor.start(_python("web", _STUBBORN))
    assert _said(supervisor, "web") == "up\n"
    begin = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - begin < 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends programs together with their parent")
def test_programs_end_when_the_one_who_started_them_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from fuhui.config.servers import *;"
        "s = Supervisor(Path(sys.argv[1])); s.start(Program('web', ('sleep', '300')));"
        "print(s._running['web'].pid, flush=True); time.sleep(300)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    for _ in range(100):
        if not is_alive(child):
            return
        time.sleep(0.05)
    pytest.fail("the program outlived the one who started it")


def test_a_port_in_use_is_noticed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        assert not port_is_free("127.0.0.1", door.getsockname()[1])
