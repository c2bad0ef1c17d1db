"""The floor: a bare WSGI app that runs the same SQL through prepared psycopg and answers JSON. Nothing else.

The statements of each work were captured from the product and lie in the file named by FUHUI_BENCH_FLOOR.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
import psycopg
import uuid_utils

_PLAN: dict[str, Any] = json.loads(Path(os.environ["FUHUI_BENCH_FLOOR"]).read_text())
_FRESH = re.compile(r"\{(uuid|number|hex)(\d+)\}")
_local = threading.local()


def _db() -> psycopg.Connection[Any]:
    if not hasattr(_local, "db"):
        _local.db = psycopg.connect(**_PLAN["place"], autocommit=True, prepare_threshold=3)
        _local.db.execute(
            "SELECT set_config('fuhui.communities', %s, false), set_config('fuhui.actor', 'bench', false)",
            [_PLAN["communities"]],
        )
    return _local.db  # type: ignore[no-any-return]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Runs the statements of the work named by the path."""
    work = environ["PATH_INFO"].strip("/")
    if work == "healthz":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]
    steps = _PLAN["works"][work]
    db = _db()
    fresh: dict[str, str] = {}
    last: Any = []
    with db.transaction() if steps["writes"] else _nothing():
        for sql, values in steps["statements"]:
            cursor = db.execute(sql, _all_renewed(values, fresh) or None)
            if cursor.description:
                last = cursor.fetchall()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [orjson.dumps(last, default=str)]


def _all_renewed(values: Any, fresh: dict[str, str]) -> Any:
    if isinstance(values, dict):
        return {key: _renewed(value, fresh) for key, value in values.items()}
    return [_renewed(value, fresh) for value in values]


def _renewed(value: Any, fresh: dict[str, str]) -> Any:
    """Ids that were new in the captured request are new again in each."""
    if isinstance(value, dict) and "bytes" in value:
        return bytes.fromhex(_renewed(value["bytes"], fresh))
    if isinstance(value, list):
        return [_renewed(part, fresh) for part in value]
    return (
        _FRESH.sub(lambda found: fresh.setdefault(found[0], _make(found[1])), value)
        if isinstance(value, str)
        else value
    )


def _make(kind: str) -> str:
    return str(uuid_utils.uuid7()) if kind == "uuid" else os.urandom(32 if kind == "hex" else 4).hex()


class _nothing:  # noqa: N801 - stands where a transaction would
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...
