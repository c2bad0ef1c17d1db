"""Key rotation: a new key for everything from now on, and sealing again what older keys sealed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from fuhui.shared import audit
from fuhui.shared.crypto.fields import SealedTextField
from fuhui.shared.crypto.keys import add_key
from fuhui.shared.crypto.sealing import current_header, seal, unseal
from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Viewer

BATCH = 500
_APPEND_ONLY = """SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                   WHERE t.tgrelid = %s::regclass AND p.proname = 'fuhui_refuse_change'"""


def rotate_keys(*, by: Viewer) -> str:
    """A new key that seals from now on; older keys stay for reading. Returns its id.

    Processes that run already take it up when they meet it or when they start again.
    """
    key_id = add_key()
    with acting(by):
        audit.record("keys.rotate", by=by, community_id=None, subject="key", subject_id=key_id)
    return key_id


def reseal_all(scopes: Iterable[Viewer]) -> Counter[str]:
    """Seals every older value again, scope by scope; answers how many values per column.

    Looks at nothing that is already under the newest key and commits each batch, so it may be stopped and
    started again at any time. Columns of append-only tables keep their keys.
    """
    done: Counter[str] = Counter()
    for scope in scopes:
        with acting(scope):
            counts = {field.context: _reseal_column(field) for field in sealed_fields()}
            done.update({name: count for name, count in counts.items() if count})
    return done


def sealed_fields() -> list[SealedTextField]:
    """Every sealed column of the installed rooms."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, SealedTextField) and model._meta.managed and not model._meta.proxy
    ]


def _reseal_column(field: SealedTextField) -> int:
    if _is_append_only(field.model):
        return 0
    return sum(_batches(field))


def _batches(field: SealedTextField) -> Iterator[int]:
    while rows := _reseal_batch(field):
        yield rows


@transaction.atomic
def _reseal_batch(field: SealedTextField) -> int:
    rows = _older(field)
    for key, blob in rows:
        _write(field, key, seal(unseal(blob, context=field.context), context=field.context))
    return len(rows)


def _older(field: SealedTextField) -> list[tuple[Any, bytes]]:
    table, column, key = _names(field)
    header = current_header()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {column} FROM {table} WHERE substring({column} FROM 1 FOR %s) <> %s"  # noqa: S608
            f" ORDER BY {key} LIMIT {BATCH} FOR UPDATE", [len(header), header],
        )
        found: list[tuple[Any, bytes]] = cursor.fetchall()
    return found


def _write(field: SealedTextField, key: Any, blob: bytes) -> None:
    table, column, key_column = _names(field)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {key_column} = %s", [blob, key])  # noqa: S608


def _names(field: SealedTextField) -> tuple[str, str, str]:
    quote, meta = connection.ops.quote_name, field.model._meta
    return quote(meta.db_table), quote(str(field.column)), quote(str(meta.pk.column))


def _is_append_only(model: type[models.Model]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_APPEND_ONLY, [model._meta.db_table])
        return bool(cursor.fetchone()[0])
