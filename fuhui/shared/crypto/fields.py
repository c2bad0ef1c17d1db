"""A text column that the database only ever sees sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from fuhui.shared.crypto.sealing import seal, unseal

if TYPE_CHECKING:
    _Base = models.BinaryField[Any, Any]
else:
    _Base = models.BinaryField


class SealedTextField(_Base):
    """Text in Python, sealed bytes in the row, opened when read. Cannot be filtered by: use a blind index.

    The context is "table.column" unless given; give it where a table or column may be renamed later.
    """

    _pyi_private_set_type: str | None
    _pyi_private_get_type: str  # type: ignore[assignment]

    def __init__(self, *args: Any, context: str = "", **options: Any) -> None:
        self._context = context
        super().__init__(*args, **options)

    @property
    def context(self) -> str:
        """What sealed values of this column are bound to."""
        return self._context or f"{self.model._meta.db_table}.{self.column}"

    def deconstruct(self) -> Any:
        """Migrations state a context that was given."""
        name, path, args, kwargs = super().deconstruct()
        if self._context:
            kwargs["context"] = self._context
        return name, path, args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Sealed when it leaves Python."""
        sealed = seal(value, context=self.context) if isinstance(value, str) else value
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: bytes | None, *_: Any) -> str | None:
        """Opened when it arrives."""
        return None if value is None else unseal(value, context=self.context)

    def to_python(self, value: Any) -> Any:
        """Text stays text."""
        return value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it empty" can be asked; every sealing of the same text is different."""
        if lookup_name == "exact":
            return _EmptyOnly
        if lookup_name != "isnull":
            raise _unsearchable(self.name)
        return super().get_lookup(lookup_name)


class _EmptyOnly(Exact):
    """`column=None`, which Django turns into "is null" itself; any other value is refused."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if rhs is not None:
            raise _unsearchable(lhs.target.name)
        super().__init__(lhs, rhs)


def _unsearchable(name: str) -> FieldError:
    return FieldError(f"{name} is sealed and cannot be searched: use its blind index.")
