"""A load of real HTTP requests over kept connections, and what it measured."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.accounting import cpu_seconds

Request = tuple[str, str, bytes | None]  # method, path, body


@dataclass
class Measured:
    """CPU-milliseconds per request, and times in milliseconds as the client saw them."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    requests: int


@dataclass
class _Shared:
    requests: Iterator[Request]
    lock: threading.Lock = field(default_factory=threading.Lock)
    times: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def next(self) -> Request | None:
        with self.lock:
            return next(self.requests, None)


def measure(
    port: int,
    make: Callable[[int], Request],
    *,
    count: int,
    headers: dict[str, str],
    roots: tuple[int, ...],
    clients: int = 2,
    warm_up: int = 40,
) -> Measured:
    """Sends `count` requests by `clients` connections and charges the CPU spent by the process trees of `roots`.

    Raises RuntimeError when an answer is not 2xx: a benchmark of errors measures nothing.
    """
    _run(port, (make(-1 - number) for number in range(warm_up)), headers, clients)
    before = cpu_seconds(*roots)
    times = _run(port, (make(number) for number in range(count)), headers, clients)
    spent = cpu_seconds(*roots) - before
    ordered = sorted(times)
    return Measured(
        spent / count * 1000, statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000, count
    )


def _run(port: int, requests: Iterator[Request], headers: dict[str, str], clients: int) -> list[float]:
    shared = _Shared(requests)
    threads = [threading.Thread(target=_client, args=(port, shared, headers)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if shared.faults:
        raise RuntimeError(f"{len(shared.faults)} requests failed, the first: {shared.faults[0]}")
    return shared.times


def _client(port: int, shared: _Shared, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while (request := shared.next()) is not None:
        method, path, body = request
        begin = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        data = answer.read()
        shared.times.append(time.perf_counter() - begin)
        if answer.status >= 300:
            shared.faults.append(f"{method} {path}: {answer.status} {data[:300]!r}")
            return
