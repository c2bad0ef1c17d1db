"""The embedded PostgreSQL survives what happens to machines on desks: kills, copies, half-made folders, two starts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from fuhui.config import engine as module
from fuhui.config.engine import APP_ROLE, DATABASE, OWNER_ROLE, Engine, NoPostgres
from fuhui.config.processes import end, postgres_in


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One server for the whole file, because making a cluster is the slow part."""
    engine = Engine(tmp_path_factory.mktemp("pg") / "postgres")
    engine.ensure()
    with _owner(engine) as db:
        db.execute("CREATE TABLE kept (words text)")
        db.execute("INSERT INTO kept VALUES ('王大妈的诉求')")
    yield engine
    engine.stop()
    assert not postgres_in(engine.data)


@pytest.fixture
def server(cluster: Engine) -> Engine:
    """The server, running."""
    cluster.ensure()
    return cluster


def _owner(engine: Engine) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(engine.sockets), user=OWNER_ROLE, dbname=DATABASE, autocommit=True)


def _kept(engine: Engine) -> list[tuple[object, ...]]:
    with _owner(engine) as db:
        return db.execute("SELECT words FROM kept").fetchall()


def _postmaster(engine: Engine) -> int:
    return int((engine.data / "postmaster.pid").read_text().split()[0])


def test_a_running_server_is_left_alone(server: Engine) -> None:
    assert server.ensure() is False


def test_the_application_is_not_the_owner(server: Engine) -> None:
    with psycopg.connect(host=str(server.sockets), user=APP_ROLE, dbname=DATABASE) as db:
        powers = "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        row = db.execute(powers).fetchone()
    assert row == (False, False, False)


def test_a_server_killed_with_minus_nine_comes_back_with_its_rows(server: Engine) -> None:
    assert end([_postmaster(server)], signal.SIGKILL, 5)
    assert server.ensure() is True
    assert _kept(server) == [("王大妈的诉求",)]


def test_a_server_killed_while_its_children_work_comes_back(server: Engine) -> None:
    busy = _owner(server)
    os.kill(_postmaster(server), signal.SIGSTOP)  # its children cannot be told to go
    os.kill(_postmaster(server), signal.SIGKILL)
    assert server.ensure() is True
    busy.close()
    assert _kept(server) == [("王大妈的诉求",)]


def test_a_stale_lock_naming_another_process_is_removed(server: Engine) -> None:
    lock = server.data / "postmaster.pid"
    content = lock.read_text()
    server.stop()
    lock.write_text(content.replace(content.split("\n")[0], str(os.getpid()), 1))
    assert server.ensure() is True


@pytest.mark.parametrize("content", ["", "not a number\n"])
def test_a_damaged_lock_is_removed(server: Engine, content: str) -> None:
    server.stop()
    (server.data / "postmaster.pid").write_text(content)
    assert server.ensure() is True


def test_two_processes_may_start_it_at_once(server: Engine) -> None:
    server.stop()
    program = "import sys; from pathlib import Path; from fuhui.config.engine import Engine;"
    program += "print(Engine(Path(sys.argv[1])).ensure())"
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(server.home)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in both)
    assert said == ["False", "True"]


def test_roles_and_database_lost_after_a_broken_first_start_are_made(server: Engine) -> None:
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"ALTER DATABASE {DATABASE} RENAME TO set_aside")
    assert server.ensure() is False
    assert server.is_ready()
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        db.execute(f"ALTER DATABASE set_aside RENAME TO {DATABASE}")


def test_a_folder_copied_with_its_lock_starts_beside_the_first(server: Engine, tmp_path: Path) -> None:
    with psycopg.connect(host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute("CHECKPOINT")
    shutil.copytree(server.home, tmp_path / "copy", ignore=shutil.ignore_patterns(".s.PGSQL.*"))
    copy = Engine(tmp_path / "copy", durable=False)
    copy.data.chmod(0o755)
    try:
        assert copy.ensure() is True
        assert _kept(copy) == [("王大妈的诉求",)]
        assert server.is_running()
    finally:
        copy.stop()


def test_a_folder_moved_elsewhere_starts_there(server: Engine, tmp_path: Path) -> None:
    server.stop()
    moved = Engine(tmp_path / "moved", durable=False)
    shutil.move(server.home, moved.home)
    try:
        assert moved.ensure() is True
        assert _kept(moved) == [("王大妈的诉求",)]
    finally:
        moved.stop()
        shutil.move(moved.home, server.home)


def test_a_half_made_cluster_is_set_aside_and_made_again(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "postgres", durable=False)
    (engine.data / "base").mkdir(parents=True)
    (engine.data / "PG_VERSION").write_text("18\n")
    (engine.home / "data.new").mkdir()
    try:
        assert engine.ensure() is True
        assert [folder.name[:15] for folder in engine.home.glob("data.unfinished*")] == ["data.unfinished"]
    finally:
        engine.stop()


def test_a_cluster_of_another_version_is_refused_and_untouched(server: Engine) -> None:
    server.stop()
    version = server.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(NoPostgres, match="由 PostgreSQL 14 写成"):
            server.ensure()
    finally:
        version.write_text(before)


def test_a_full_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_FREE_BYTES", shutil.disk_usage(tmp_path).total + 1)
    with pytest.raises(NoPostgres, match="磁盘快满了"):
        Engine(tmp_path / "postgres").ensure()


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NoPostgres, match="FUHUI_VAR"):
        Engine(tmp_path / "file" / "postgres").ensure()


def test_a_long_path_gets_a_short_socket_folder(tmp_path: Path) -> None:
    engine = Engine(tmp_path / ("很长的文件夹名" * 8))
    assert len(str(engine.sockets)) <= module.SOCKET_PATH_LIMIT


def test_stopping_what_never_ran_is_no_error(tmp_path: Path) -> None:
    Engine(tmp_path / "nothing").stop()
    assert not (tmp_path / "nothing").exists()
