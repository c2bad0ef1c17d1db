"""One size: database, servers, requests. Called by `bench.__main__` in a process of its own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
import psycopg

from fuhui.config.engine import Engine
from fuhui.config.servers import answers

PORT, FLOOR_PORT, WORKERS, ROUNDS = 8791, 8792, 2, 3
VAR = Path(os.environ.get("FUHUI_VAR", "var/bench"))
ENGINE = Engine(VAR / "postgres")
PAGE_2000 = 2000 * 50


def main(rows: int, count: int, out: Path) -> None:
    """Measures every work at this size and writes a list of results."""
    ENGINE.ensure()
    os.environ["FUHUI_DATABASE_URL"] = f"postgresql://fuhui_app@/{_database(rows)}?host={quote(str(ENGINE.sockets))}"
    os.environ["FUHUI_OWNER_DATABASE_URL"] = os.environ["FUHUI_DATABASE_URL"].replace("fuhui_app", "fuhui_owner")
    django.setup()
    from bench.town import prepared_town

    town = prepared_town(rows, _superuser(_database(rows)))
    works = town.works()
    plan = VAR / f"floor-{rows}.json"
    statements = town.write_floor(plan, works)
    with (
        serving(PORT, "fuhui.config.wsgi:application", {}) as product,
        serving(FLOOR_PORT, "bench.floor:application", {"FUHUI_BENCH_FLOOR": str(plan)}) as floor,
    ):
        found = [
            _one(name, work, rows, count, statements[name], product, floor, town.headers(name))
            for name, work in works.items()
        ]
    out.write_text(json.dumps(found))


def _one(
    name: str,
    make: Callable[[int], Any],
    rows: int,
    count: int,
    statements: int,
    product: int,
    floor: int,
    headers: dict[str, str],
) -> dict[str, Any]:
    from bench.load import measure

    postmaster = int((ENGINE.data / "postmaster.pid").read_text().split()[0])
    ours, bare = [], []
    for _ in range(ROUNDS):  # in turn, so that a slow minute of the machine hits both
        ours.append(measure(PORT, make, count=count, headers=headers, roots=(product, postmaster)))
        bare.append(
            measure(
                FLOOR_PORT, lambda number: ("GET", f"/{name}", None), count=count, headers={}, roots=(floor, postmaster)
            )
        )
    middle = statistics.median
    return {
        "work": name,
        "rows": rows,
        "cpu_ms": round(middle(one.cpu_ms for one in ours), 3),
        "floor_cpu_ms": round(middle(one.cpu_ms for one in bare), 3),
        "p50_ms": round(middle(one.p50_ms for one in ours), 2),
        "p95_ms": round(middle(one.p95_ms for one in ours), 2),
        "statements": statements,
    }


@contextmanager
def serving(port: int, application: str, environment: dict[str, str], threads: int = 1) -> Iterator[int]:
    """Two server processes for the time of the block; gives the parent's process id."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        str(threads),
        "--log-level",
        "error",
        application,
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        end = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"{application} did not start")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _database(rows: int) -> str:
    from bench.naming import database_name

    return database_name(rows)


def _superuser(database: str) -> psycopg.Connection[Any]:
    with psycopg.connect(host=str(ENGINE.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
        if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            db.execute(f"CREATE DATABASE {database} OWNER fuhui_owner")
    return psycopg.connect(host=str(ENGINE.sockets), user="postgres", dbname=database, autocommit=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
