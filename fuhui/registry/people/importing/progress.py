"""Progress of a long import, written beside its transaction so that the page sees it before the commit."""

from __future__ import annotations

import time
from contextlib import suppress
from types import TracebackType
from uuid import UUID

import psycopg
from django.db import connection

from fuhui.registry.people.models import ImportBatch

_EVERY_SECONDS = 0.4
# Progress is a courtesy: where the row is held by somebody, also by our own transaction, it is left out this time.
_SCOPE = (
    "SELECT set_config('fuhui.communities', %s, false), set_config('fuhui.actor', %s, false),"
    " set_config('lock_timeout', '300ms', false)"
)
_WRITE = "UPDATE people_import_batch SET stage = %s, done = %s, total = %s, beat_at = now() WHERE id = %s"


class Progress:
    """`tell` at any rate: it writes every 0.4 seconds and whenever the stage changes."""

    def __init__(self, batch: ImportBatch) -> None:
        self._batch_id: UUID = batch.pk
        self._community_id: UUID = batch.community_id
        self._stage, self._written = "", 0.0
        self._own: psycopg.Connection | None = None

    def __enter__(self) -> Progress:
        """Opens a second connection as the same role, in the same scope."""
        options = connection.get_connection_params()
        options.pop("cursor_factory", None)
        options.pop("context", None)
        self._own = psycopg.connect(**{**options, "autocommit": True})
        self._own.execute(_SCOPE, [str(self._community_id), "system:people.import"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the second connection."""
        if self._own:
            self._own.close()

    def tell(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` rows of a stage named in words."""
        now = time.monotonic()
        if self._own is None or (stage == self._stage and now - self._written < _EVERY_SECONDS):
            return
        self._stage, self._written = stage, now
        with suppress(psycopg.errors.LockNotAvailable):
            self._own.execute(_WRITE, [stage, min(done, total), total, self._batch_id])
