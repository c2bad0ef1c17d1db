"""`make bench-checkin`: 2,000 check-ins in 60 seconds at a real server; none lost, none doubled, p95 at most 150 ms.

Two thousand volunteers have signed up for shifts that run now, each with a session of their own. Their scans arrive at
even intervals over eight connections, one in twenty is sent twice at once. Results go to bench/results/checkin.json.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var" / "bench"
RESULTS = ROOT / "bench" / "results" / "checkin.json"
PORT, CLIENTS, SHIFTS, TWICE = 8793, 8, 10, 20
P95_MS, SECONDS = 150.0, 60.0
DATABASE = "fuhui_bench_checkin"
_TOKEN, _COOKIE = "a" * 32, "sessionid"


@dataclass(frozen=True)
class Arrival:
    """One scan: when it is due after the start, whose session, which shift, and the phone's own id for it."""

    due: float
    session: str
    shift: UUID
    client_uuid: str


def main() -> int:
    """Prepares, sends, counts what the database holds; 1 where something was lost or doubled or too slow."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=2000)
    options.add_argument("--seconds", type=float, default=SECONDS)
    given = options.parse_args()
    arrivals = _prepare(given.count, given.seconds)
    from bench.run import serving

    with serving(PORT, "fuhui.config.wsgi:application", {}, threads=4):
        found = _send(arrivals)
    found |= _counted(given.count)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    if given.count == 2000:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n")
    sys.stdout.write(json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    good = not found["lost"] and not found["doubled"] and not found["errors"] and found["p95_ms"] <= P95_MS
    sys.stdout.write("全部达到。\n" if good else "未达到。\n")
    return 0 if good else 1


def _prepare(count: int, seconds: float) -> list[Arrival]:
    """A fresh database with the volunteers, their sign-ups and sessions; who arrives when."""
    _connect()
    import django

    django.setup()
    from bench.crowd import crowd
    from fuhui.config import schema
    from fuhui.shared.identifiers import new_id

    schema.migrate()
    arrivals = []
    for number, (shift, session) in enumerate(crowd(count, SHIFTS)):
        arrival = Arrival(number * seconds / count, session, shift, str(new_id()))
        arrivals += [arrival, arrival] if number % TWICE == 0 else [arrival]
    return arrivals


def _connect() -> None:
    """The bench's own server and an empty database; the application's role and the owner's."""
    import psycopg

    from fuhui.config.engine import Engine

    os.environ |= {"FUHUI_VAR": str(VAR), "DJANGO_SETTINGS_MODULE": "fuhui.config.settings"}
    engine = Engine(VAR / "postgres")
    engine.ensure()
    with psycopg.connect(host=str(engine.sockets), user="postgres", dbname="postgres", autocommit=True) as db:
        db.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        db.execute(f"CREATE DATABASE {DATABASE} OWNER fuhui_owner")
    os.environ["FUHUI_DATABASE_URL"] = f"postgresql://fuhui_app@/{DATABASE}?host={quote(str(engine.sockets))}"
    os.environ["FUHUI_OWNER_DATABASE_URL"] = os.environ["FUHUI_DATABASE_URL"].replace("fuhui_app", "fuhui_owner")


def _send(arrivals: list[Arrival]) -> dict[str, Any]:
    waiting: queue.Queue[Arrival | None] = queue.Queue()
    times: list[float] = []
    answers: list[int] = []
    begin = time.monotonic()
    threads = [threading.Thread(target=_client, args=(waiting, times, answers)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for arrival in arrivals:
        time.sleep(max(0.0, begin + arrival.due - time.monotonic()))
        waiting.put(arrival)
    waiting.join()
    took = time.monotonic() - begin
    for _ in threads:
        waiting.put(None)
    ordered = sorted(times)
    return {
        "requests": len(times), "seconds": round(took, 1), "p50_ms": round(statistics.median(ordered) * 1000, 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 1), "max_ms": round(ordered[-1] * 1000, 1),
        "errors": sum(status >= 300 for status in answers),
    }


def _client(waiting: queue.Queue[Arrival | None], times: list[float], answers: list[int]) -> None:
    """Takes arrivals as they come over one kept connection; the time includes waiting for it."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    while (arrival := waiting.get()) is not None:
        begin = time.perf_counter()
        try:
            connection.request("POST", "/volunteers/scans/", _body(arrival), {
                "Cookie": f"{_COOKIE}={arrival.session}; csrftoken={_TOKEN}", "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded",
            })
            answer = connection.getresponse()
            answer.read()
            answers.append(answer.status)
        except OSError:
            answers.append(599)
            connection.close()
        times.append(time.perf_counter() - begin)
        waiting.task_done()


def _body(arrival: Arrival) -> str:
    """What the screen shows at this moment."""
    from django.utils import timezone

    from fuhui.domains.volunteers.codes import code_at
    from fuhui.domains.volunteers.rules.attendance import written

    code = written(code_at(arrival.shift, timezone.now()))
    return urlencode({"code": code, "client_uuid": arrival.client_uuid, "csrfmiddlewaretoken": _TOKEN})


def _counted(count: int) -> dict[str, int]:
    """What the database holds afterwards."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(came_at), count(DISTINCT person_id) FROM volunteers_attendance")
        rows, people = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM volunteers_scan WHERE outcome = 'in'")
        scans = cursor.fetchone()[0]
    return {"check_ins": rows, "lost": count - people, "doubled": rows - people + scans - people}


if __name__ == "__main__":
    sys.exit(main())
