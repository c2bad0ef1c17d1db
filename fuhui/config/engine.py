"""The embedded PostgreSQL: found, initialised, started, recovered and stopped."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fuhui.config.binaries import NoPostgres, find_binaries, major_version
from fuhui.config.processes import end, postgres_in

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "Engine", "NoPostgres", "wait_until_running"]

OWNER_ROLE = "fuhui_owner"
APP_ROLE = "fuhui_app"
DATABASE = "fuhui"
SOCKET_PATH_LIMIT = 90
LEAST_FREE_BYTES = 300 * 1024 * 1024
LOG_LIMIT_BYTES = 20 * 1024 * 1024
_SERVER_USER = "fuhui_postgres"
_FEW_BUFFERS_MB, _MOST_BUFFERS_MB = 256, 2048
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
_NOT_DURABLE = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class Engine:
    """One embedded server whose files live below `home` (usually ./var/postgres).

    `durable` False is for tests only: a power failure may then lose the whole cluster.
    """

    home: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        """The cluster's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.home / "log"

    @property
    def sockets(self) -> Path:
        """Folder of the Unix socket; a short one in the temporary folder where the path would be too long."""
        here = self.home / "run"
        if len(str(here)) <= SOCKET_PATH_LIMIT:
            return here
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"fuhui-{digest}"

    @cached_property
    def binaries(self) -> Path:
        """Folder with initdb, pg_ctl and postgres: the wheel's, else the system's of version 15 or later."""
        return find_binaries()

    def is_running(self) -> bool:
        """True when a server answers on the socket."""
        ready = self.binaries / "pg_isready"
        return _quiet([str(ready), "-q", "-h", str(self.sockets), "-t", "2"]) == 0

    def is_ready(self) -> bool:
        """True when the application's role can open the database: running, with roles and database made."""
        import psycopg

        if not (self.sockets / ".s.PGSQL.5432").exists():
            return False
        try:
            psycopg.connect(host=str(self.sockets), user=APP_ROLE, dbname=DATABASE, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure(self) -> bool:
        """A running server with the two roles and the database; True when this call had to start it.

        Recovers from a killed server, a stale or copied lock, a half-made cluster; two processes may call it
        at once. Raises NoPostgres with a sentence that says what to do (disk full, read-only folder, ...).
        """
        if self.is_ready():
            return False
        with self._alone():
            started = not self.is_running()
            if started:
                self._prepare_folders()
                self._clear_remains()
                self._initialise_once()
                self._start()
            self._create_roles_and_database()
        return started

    def stop(self) -> None:
        """Stops the server if it runs; open connections are ended."""
        if not self.home.exists():
            return
        with self._alone():
            if self._server_pid():
                self._control("stop", "-m", "fast", "-w")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time prepares, starts or stops this server."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            lock = (self.home / "lock").open("a")
        except OSError as error:
            raise NoPostgres(_disk_sentence(self.home, error)) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare_folders(self) -> None:
        try:
            if shutil.disk_usage(self.home).free < LEAST_FREE_BYTES:
                raise OSError(errno.ENOSPC, "disk full")
            self.sockets.mkdir(mode=0o755, parents=True, exist_ok=True)
            if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
                self.log.replace(self.home / "log.1")
            if os.geteuid() == 0:
                self._give_to_server_user()
            elif self.data.exists() and self.data.stat().st_uid != os.geteuid():
                raise NoPostgres(f"数据库文件夹 {self.data} 属于另一个用户。请用原来的用户运行，或先改回文件的所有者。")
        except OSError as error:
            raise NoPostgres(_disk_sentence(self.home, error)) from error

    def _server_pid(self) -> int | None:
        """The live server of this very folder: the id in its lock file may be stale, copied or taken by another."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if pid in postgres_in(self.data.resolve()) else None

    def _clear_remains(self) -> None:
        """Removes what a killed server left: children without a parent, its lock, its socket files."""
        if self._server_pid():
            if wait_until_running(self, 30):  # it is still recovering from a crash
                return
            self._control("stop", "-m", "immediate", "-w")
        orphans = postgres_in(self.data.resolve())
        if orphans and not end(orphans, signal.SIGQUIT, 5):
            end(postgres_in(self.data.resolve()), signal.SIGKILL, 5)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.sockets.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

    def _initialise_once(self) -> None:
        if (self.data / "PG_VERSION").exists() and (self.data / "global" / "pg_control").exists():
            self._check_version()
            self.data.chmod(0o700)  # a copied folder may have lost it, and the server insists
            return
        if self.data.exists():  # copied halfway or initialised halfway; kept, never deleted
            self.data.rename(self.home / f"data.unfinished-{time.strftime('%Y%m%d%H%M%S')}")
        new = self.home / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        self._run("initdb", "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync", "--no-instructions")
        new.rename(self.data)

    def _check_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text().strip()
        here = major_version(self.binaries)
        if here and written != str(here):
            raise NoPostgres(
                f"{self.data} 由 PostgreSQL {written} 写成，现在装的是 {here}。请用 {written} 的 pg_dump 导出后再导入，"
                "或装回原来的版本；数据没有改动。"
            )

    def _start(self) -> None:
        options = (
            f"-k {shlex.quote(str(self.sockets))} -c listen_addresses='' -c jit=off"
            f" -c shared_buffers={_buffers_mb() if self.durable else _FEW_BUFFERS_MB}MB"
            f" -c max_connections=200 -c unix_socket_permissions=0700{'' if self.durable else _NOT_DURABLE}"
        )
        self._control("start", "-w", "-t", "60", "-l", str(self.log), "-o", options)

    def _create_roles_and_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
            for role, attributes in ((OWNER_ROLE, "LOGIN CREATEDB CREATEROLE"), (APP_ROLE, "LOGIN")):
                if not db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    db.execute(f"CREATE ROLE {role} {attributes}")
            if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                db.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-D", str(self.data), *words)

    def _run(self, program: str, *words: str) -> None:
        user = _SERVER_USER if os.geteuid() == 0 else None
        # Output goes to a file: the server would keep a pipe open for as long as it runs.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603 - fixed program, our own words
                [str(self.binaries / program), *words], user=user, group=user, extra_groups=[] if user else None,
                cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT,
                check=False, timeout=120, env={**os.environ, "LC_ALL": "C"},
            )
            if done.returncode:
                said.seek(0)
                raise NoPostgres(self._failure(program, said.read()))

    def _failure(self, program: str, said: str) -> str:
        tail = said.strip()[-400:]
        if program == "pg_ctl" and self.log.exists():
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-6:])
        if "No space left" in tail:
            return _disk_sentence(self.home, OSError(errno.ENOSPC, "disk full"))
        return f"数据库没有启动（{program}）。日志在 {self.log}，最后几行：\n{tail}"

    def _give_to_server_user(self) -> None:
        user = _server_user()
        for place in (self.home, self.sockets):
            shutil.chown(place, user.pw_uid, user.pw_gid)
        self.sockets.chmod(0o755)
        if self.data.exists() and self.data.stat().st_uid != user.pw_uid:  # copied by root, or from another machine
            for place in (self.log, self.data, *self.data.rglob("*")):
                if place.exists():
                    os.chown(place, user.pw_uid, user.pw_gid, follow_symlinks=False)
        elif self.log.exists():
            shutil.chown(self.log, user.pw_uid, user.pw_gid)
        for parent in [*self.home.parents, *self.binaries.parents, *self.sockets.parents]:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)  # the server's own user must be able to walk down to its files


def wait_until_running(engine: Engine, seconds: float) -> bool:
    """True as soon as the server answers, False after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if engine.is_running():
            return True
        time.sleep(0.1)
    return False


def _buffers_mb() -> int:
    """An eighth of the memory this machine or container has, from 256 MB to 2 GB: a year of cases is then read once."""
    share = _memory_bytes() // 8 // 1024**2
    return max(_FEW_BUFFERS_MB, min(share, _MOST_BUFFERS_MB))


def _memory_bytes() -> int:
    here = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = _CONTAINER_LIMIT.read_text().strip()
    except OSError:
        return here
    return min(here, int(limit)) if limit.isdigit() else here


def _server_user() -> pwd.struct_passwd:
    """PostgreSQL refuses to run as root, so root gives it a user of its own."""
    try:
        return pwd.getpwnam(_SERVER_USER)
    except KeyError:
        _quiet(["useradd", "--system", "--user-group", "--no-create-home", _SERVER_USER])
    try:
        return pwd.getpwnam(_SERVER_USER)
    except KeyError:
        raise NoPostgres(
            f"PostgreSQL 不能以 root 运行，而系统用户 {_SERVER_USER} 没有建成。"
            f"请用普通用户运行，或先执行 useradd {_SERVER_USER}。"
        ) from None


def _disk_sentence(place: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"磁盘快满了：{place} 所在的磁盘至少要留 {LEAST_FREE_BYTES // 1024**2} MB。请清理后再试，数据没有改动。"
    if error.errno == errno.EROFS:
        return f"{place} 在只读的磁盘上，数据库写不进去。请把 FUHUI_VAR 指向一个可写的文件夹。"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限写 {place}。请换一个有权限的用户运行，或把 FUHUI_VAR 指向一个可写的文件夹。"
    return f"{place} 用不了：{error.strerror or error}。请检查磁盘，或把 FUHUI_VAR 指向另一个文件夹。"


def _quiet(command: list[str]) -> int:
    try:
        return subprocess.run(  # noqa: S603 - fixed program, our own words
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
        ).returncode
    except FileNotFoundError:
        return 127
