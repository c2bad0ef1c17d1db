"""A new installation from the command line, with the real programs: first account, tokens, web, live, worker."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from fuhui.config.engine import DATABASE, OWNER_ROLE, Engine
from fuhui.config.processes import is_alive
from fuhui.config.servers import answers, free_port, port_is_free

_FUHUI = [sys.executable, "-m", "fuhui.config.cli"]
_TEMPORARY = re.compile(r"^[a-z2-9]{4}(-[a-z2-9]{4}){2}$")
Environment = dict[str, str]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """Environment of a new installation: tables and nothing else."""
    var = tmp_path_factory.mktemp("new") / "var"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("FUHUI_")}
    environment |= {"FUHUI_VAR": str(var), "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"}
    subprocess.run([*_FUHUI, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    yield environment
    Engine(var / "postgres").stop()


@pytest.fixture(scope="module")
def fang(installation: Environment) -> str:
    """Fang is the installation's first operator; her temporary password."""
    made = _fuhui(installation, "operator", "create", "fang", "--name", "方敏")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def _fuhui(environment: Environment, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*_FUHUI, *words], env=environment, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)


@contextmanager
def _running(environment: Environment, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command for as long as the block runs; afterwards it must end by itself on Ctrl-C."""
    log = Path(environment["FUHUI_VAR"]) / f"{words[0]}-said"
    with log.open("wb") as output:
        process = subprocess.Popen([*_FUHUI, *words], env=environment, stdout=output, stderr=output)
    try:
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(30)
    finally:
        if is_alive(process.pid):
            process.kill()
            process.wait()


def _until(what: str, happens: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} seconds"
        time.sleep(0.1)


def _database(environment: Environment, statement: str) -> int:
    engine = Engine(Path(environment["FUHUI_VAR"]) / "postgres")
    with psycopg.connect(host=str(engine.sockets), user=OWNER_ROLE, dbname=DATABASE) as db:
        row = db.execute(statement.encode()).fetchone()
    assert row
    return int(row[0])


def test_the_first_operator_gets_a_password_that_is_shown_once(installation: Environment, fang: str) -> None:
    assert _TEMPORARY.match(fang)
    listed = _fuhui(installation, "operator", "list")
    assert listed.stdout == "fang  方敏\n"
    assert fang not in listed.stdout + listed.stderr


def test_a_second_run_says_who_is_there_and_makes_nobody(installation: Environment, fang: str) -> None:
    again = _fuhui(installation, "operator", "create", "second", "--name", "周正")
    assert again.returncode == 2
    assert "已经有系统管理员：fang（方敏）" in again.stderr
    assert "--another" in again.stderr
    assert again.stdout == ""
    assert "second" not in _fuhui(installation, "operator", "list").stdout


def test_another_operator_is_made_when_it_is_wanted(installation: Environment, fang: str) -> None:
    assert _fuhui(installation, "operator", "create", "zhou", "--name", "周正", "--another").returncode == 0
    assert "zhou  周正" in _fuhui(installation, "operator", "list").stdout
    twice = _fuhui(installation, "operator", "create", "zhou", "--name", "周正", "--another")
    assert (twice.returncode, "用户名已经有人用" in twice.stderr) == (2, True)


def test_on_a_terminal_the_password_is_asked_for_and_never_shown(installation: Environment, fang: str) -> None:
    said, code = _typing(installation, ["operator", "create", "han", "--name", "韩冰", "--another"],
                         ["lotus-bridge-2027", "lotus-bridge-2027"])
    assert code == 0, said
    assert "lotus-bridge" not in said
    assert "只显示这一次" not in said
    mistyped, code = _typing(installation, ["operator", "create", "hua", "--name", "华青", "--another"],
                             ["lotus-bridge-2027", "lotus-bridge-2072"])
    assert (code, "不一样" in mistyped) == (1, True)
    weak, code = _typing(installation, ["operator", "create", "hua", "--name", "华青", "--another"], ["123", "123"])
    assert (code, "密码" in weak) == (2, True)
    assert "hua" not in _fuhui(installation, "operator", "list").stdout.split()


def _typing(environment: Environment, words: list[str], answers_given: list[str]) -> tuple[str, int]:
    """Runs the command on a terminal of its own, types an answer after each question; what it showed, and its code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [*_FUHUI, *words], environment)  # noqa: S606 - the command under test
    shown, waiting = b"", list(answers_given)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # the other end has closed
                break
        elif waiting and shown.rstrip().endswith((b":", "：".encode())):
            os.write(terminal, waiting.pop(0).encode() + b"\n")
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(terminal)
    return shown.decode(errors="replace"), code


def test_who_lost_the_password_gets_a_new_one(installation: Environment, fang: str) -> None:
    given = _fuhui(installation, "operator", "password", "fang", "--drop-second-factor")
    assert _TEMPORARY.match(given.stdout.strip())
    assert given.stdout.strip() != fang
    nobody = _fuhui(installation, "operator", "password", "nobody")
    assert (nobody.returncode, "没有这位系统管理员" in nobody.stderr) == (2, True)


def test_the_check_up_of_a_new_installation_says_what_to_do(installation: Environment) -> None:
    said = _fuhui(installation, "doctor")
    for title in ("数据库", "社区隔离", "工作日表", "磁盘", "邮件", "时钟"):
        assert title in said.stdout
    assert "fuhui worker" in said.stdout  # it is not running
    told = json.loads(_fuhui(installation, "doctor", "--json").stdout)
    found = {finding["title"]: finding for finding in told}
    assert found["数据库"]["state"] == found["社区隔离"]["state"] == found["时钟"]["state"] == "good"
    assert all(finding["advice"] for finding in told if finding["state"] == "bad")


def test_the_check_up_finds_keys_that_others_can_read(installation: Environment) -> None:
    keys = Path(installation["FUHUI_VAR"]) / "secrets.json"
    keys.chmod(0o644)
    try:
        said = _fuhui(installation, "doctor")
    finally:
        keys.chmod(0o600)
    assert said.returncode == 1
    assert f"chmod 600 {keys}" in said.stdout


def test_a_check_up_without_a_database_still_tells(installation: Environment, tmp_path: Path) -> None:
    nowhere = installation | {"FUHUI_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing"}
    said = _fuhui(nowhere, "doctor")
    assert said.returncode == 1
    assert "✗ 数据库" in said.stdout
    assert "磁盘" in said.stdout
    assert "Traceback" not in said.stderr


def test_fang_signs_in_at_the_real_server_and_must_choose_a_password(installation: Environment, fang: str) -> None:
    port = free_port()
    given = _fuhui(installation, "operator", "password", "fang").stdout.strip()
    with _running(installation, "serve", "--port", str(port), "--workers", "1"):
        _until("web", lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as browser:
            browser.get("/accounts/login/")
            form = {"login": "fang", "password": given, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
            after = browser.post("/accounts/login/", data=form)
        assert after.status_code == 200
        assert after.url.path == "/accounts/password/change/"
    assert port_is_free("127.0.0.1", port)


def test_a_token_opens_the_api_until_it_is_taken_back(installation: Environment, fang: str) -> None:
    port = free_port()
    key = _fuhui(installation, "token", "create", "fang", "--name", "对接", "--days", "30").stdout.strip()
    assert key.startswith("fh_")
    listed = _fuhui(installation, "token", "list", "fang").stdout
    assert "对接" in listed
    assert key not in listed
    with _running(installation, "serve", "--port", str(port), "--workers", "1"):
        _until("web", lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        address = f"http://127.0.0.1:{port}/api/cases"
        with_key = {"Authorization": f"Bearer {key}"}
        assert httpx.get(address, headers=with_key).status_code == 200
        assert httpx.get(address).status_code == 401
        assert _fuhui(installation, "token", "revoke", listed.split()[0]).returncode == 0
        assert httpx.get(address, headers=with_key).status_code == 401
    assert "已收回" in _fuhui(installation, "token", "list", "fang").stdout
    nobody = _fuhui(installation, "token", "create", "nobody", "--name", "对接")
    assert (nobody.returncode, "没有这个用户名" in nobody.stderr) == (2, True)


def test_a_port_in_use_is_said_before_anything_starts(installation: Environment) -> None:
    port = free_port()
    with _running(installation, "live", "--port", str(port)):
        _until("live", lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        assert httpx.get(f"http://127.0.0.1:{port}/live/").status_code in {401, 403}  # nobody is signed in
        said = _fuhui(installation, "serve", "--port", str(port))
        assert (said.returncode, f"--port {port + 10}" in said.stderr) == (1, True)
    assert port_is_free("127.0.0.1", port)


def test_the_server_does_not_start_on_old_tables(tmp_path: Path, installation: Environment) -> None:
    fresh = installation | {"FUHUI_VAR": str(tmp_path / "var")}
    try:
        said = _fuhui(fresh, "serve", "--port", str(free_port()))
    finally:
        Engine(tmp_path / "var" / "postgres").stop()
    assert (said.returncode, "fuhui migrate" in said.stderr) == (1, True)


def test_the_worker_does_the_periodic_jobs_and_the_check_up_sees_it(installation: Environment) -> None:
    with _running(installation, "worker"):
        _until("worker", lambda: _database(
            installation, "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '30 s'"))
        found = {one["title"]: one for one in json.loads(_fuhui(installation, "doctor", "--json").stdout)}
        assert found["后台任务"]["state"] == "good"
    once = _fuhui(installation, "worker", "--once")
    assert once.returncode == 0, once.stderr
