"""Django's PostgreSQL backend with a health check that asks the socket before it asks the server."""

from __future__ import annotations

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Kept connections are checked at each request without a statement of their own while nothing is amiss."""

    def is_usable(self) -> bool:
        """Whether the kept connection still works.

        An idle connection has nothing to read: a server that ended it has sent its last words or closed the
        socket. Then, and inside a transaction, the server is asked, as Django always does.
        """
        held: Any = self.connection
        if held is None or held.closed:
            return False
        if held.info.transaction_status != TransactionStatus.IDLE:
            return bool(super().is_usable())
        waiting = select.poll()
        waiting.register(held.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not waiting.poll(0) or bool(super().is_usable())
