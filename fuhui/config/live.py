"""Live streams: server-sent events from PostgreSQL's notifications. A process of its own, without the ORM in streams.

One connection listens for everybody; an open stream holds a queue and no database connection. A stream tells only
that something changed in one of the viewer's communities; what it is, the page asks for with its own rights.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import orjson
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fuhui.config.settings")

import django

django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 - Django first
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connections  # noqa: E402
from django.http import HttpRequest  # noqa: E402

from fuhui.registry.accounts.queries import viewer_of  # noqa: E402

CHANNEL = "fuhui_live"
BEAT_SECONDS = 20.0
MOST_WAITING = 100
Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Hub:
    """Hands each notification to the streams of its community."""

    def __init__(self) -> None:
        self.streams: dict[UUID, set[asyncio.Queue[bytes]]] = {}

    def join(self, communities: tuple[UUID, ...]) -> asyncio.Queue[bytes]:
        """A queue that gets what happens in these communities."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        for community in communities:
            self.streams.setdefault(community, set()).add(queue)
        return queue

    def leave(self, communities: tuple[UUID, ...], queue: asyncio.Queue[bytes]) -> None:
        """Forgets a queue whose stream has ended."""
        for community in communities:
            self.streams.get(community, set()).discard(queue)

    def tell(self, payload: str) -> None:
        """Passes one notification on; a stream that reads too slowly misses it and refreshes at the next."""
        with contextlib.suppress(ValueError, KeyError, orjson.JSONDecodeError):
            community = UUID(orjson.loads(payload)["community"])
            for queue in self.streams.get(community, ()):
                with contextlib.suppress(asyncio.QueueFull):
                    queue.put_nowait(f"event: changed\ndata: {payload}\n\n".encode())


hub = Hub()


async def listen() -> None:
    """Listens for ever; after a lost connection again within two seconds."""
    place = settings.DATABASES["default"]
    words = {
        "dbname": place["NAME"],
        "user": place["USER"],
        "password": place["PASSWORD"],
        "host": place["HOST"],
        "port": place["PORT"],
    }
    while True:
        with contextlib.suppress(psycopg.Error, OSError):
            async with await psycopg.AsyncConnection.connect(
                **{key: value for key, value in words.items() if value}, autocommit=True
            ) as db:
                await db.execute(f"LISTEN {CHANNEL}")
                async for notice in db.notifies():
                    hub.tell(notice.payload)
        await asyncio.sleep(2)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI: `/live/` streams for a signed-in viewer, `/healthz` answers, everything else is 404."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    task: asyncio.Task[None] | None = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            task = asyncio.create_task(listen())
            await send({"type": "lifespan.startup.complete"})
        else:
            if task:
                task.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/healthz":
        await _answer(send, 200, b"ok")
    elif scope["path"] != "/live/":
        await _answer(send, 404, b"")
    else:
        communities = await sync_to_async(_communities)(_header(scope, b"cookie"))
        if not communities:
            await _answer(send, 403, "请先登录。".encode())
        else:
            await _stream(scope, receive, send, communities)


async def _stream(scope: Scope, receive: Receive, send: Send, communities: tuple[UUID, ...]) -> None:
    queue = hub.join(communities)
    gone = asyncio.create_task(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _headers(scope, b"text/event-stream")})
        async for event in _events(queue, gone):
            await send({"type": "http.response.body", "body": event, "more_body": True})
    finally:
        hub.leave(communities, queue)
        gone.cancel()


async def _events(queue: asyncio.Queue[bytes], gone: asyncio.Task[None]) -> AsyncIterator[bytes]:
    yield b"retry: 3000\n\n"
    while not gone.done():
        try:
            yield await asyncio.wait_for(queue.get(), BEAT_SECONDS)
        except TimeoutError:
            yield b": still here\n\n"


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(scope: Scope, kind: bytes) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", kind), (b"cache-control", b"no-cache"), (b"x-accel-buffering", b"no")]
    origin = _header(scope, b"origin")
    if origin and _host(origin) == _host("//" + _header(scope, b"host")):  # the pages' own host on another port
        headers += [
            (b"access-control-allow-origin", origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
    return headers


def _host(address: str) -> str:
    return address.partition("//")[2].partition("/")[0].rpartition(":")[0] or address.partition("//")[2]


def _header(scope: Scope, name: bytes) -> str:
    return str(dict(scope["headers"]).get(name, b"").decode("latin-1"))


def _communities(cookie_header: str) -> tuple[UUID, ...]:
    """The communities of the session's viewer; its database connection is closed before the stream begins."""
    morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return ()
    try:
        request = HttpRequest()
        request.session = SessionStore(morsel.value)
        account = get_user(request)
        return viewer_of(account).communities if account.is_authenticated else ()
    finally:
        connections.close_all()
