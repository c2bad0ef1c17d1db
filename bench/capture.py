"""Captures the statements of one request inside the product, with their parameters, for the floor."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import Jsonb
from psycopg import Binary

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_NUMBER = re.compile(r"\d{6}-\d{5,}")
_KEY = re.compile(r"[0-9a-f]{32}")
_HASH = re.compile(r"(?<=\\x)[0-9a-f]{64}\b")  # of a token, as a JSON text holds it


def captured(call: Callable[[], Any], *, known: set[str]) -> list[tuple[str, Any]]:
    """The statements that `call` runs. UUIDs that are not in `known` become places for fresh ones."""
    found: list[tuple[str, Any]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append((str(sql), params))
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(note))
        call()
    names: dict[str, str] = {}
    return [
        (sql, _values(params, known, names)) for sql, params in found if not sql.startswith(("SAVEPOINT", "RELEASE"))
    ]


def _values(params: Any, known: set[str], names: dict[str, str]) -> Any:
    if isinstance(params, Mapping):
        return {key: _plain(value, known, names) for key, value in params.items()}
    return [_plain(value, known, names) for value in params or ()]


def _plain(value: Any, known: set[str], names: dict[str, str]) -> Any:
    if isinstance(value, Jsonb):
        return (
            str(value.dumps(value.obj) if value.dumps else value.obj) if not isinstance(value.obj, str) else value.obj
        )
    if isinstance(value, Binary):
        return {"bytes": _named_bytes(bytes(value.obj), names)}
    if isinstance(value, UUID):
        return _named(str(value), known, names)
    if isinstance(value, (bytes, memoryview)):
        return {"bytes": _named_bytes(bytes(value), names)}
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(part, known, names) for part in value]
    return _text(value, known, names) if isinstance(value, str) else value


def _text(value: str, known: set[str], names: dict[str, str]) -> str:
    """Case numbers and request keys are unique in the table as well."""
    for pattern, kind in ((_NUMBER, "number"), (_KEY, "hex")):
        if pattern.fullmatch(value):
            return names.setdefault(value, f"{{{kind}{len(names)}}}")
    value = _HASH.sub(lambda one: names.setdefault(one[0], f"{{hex{len(names)}}}"), value)
    return _UUID.sub(lambda one: _named(one[0], known, names), value)


def _named(text: str, known: set[str], names: dict[str, str]) -> str:
    return text if text in known else names.setdefault(text, f"{{uuid{len(names)}}}")


def _named_bytes(value: bytes, names: dict[str, str]) -> str:
    # Hashes of tokens are unique in the table; everything else is kept.
    return names.setdefault(value.hex(), f"{{hex{len(names)}}}") if len(value) == 32 else value.hex()
