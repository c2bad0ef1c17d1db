"""The base of every tenant-owned table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from fuhui.shared.identifiers import new_id


def plain_choices(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Choices of a field from an enum's names, as plain text, so that migrations do not name a room's enums."""
    return [(str(code), name) for code, name in names.items()]


class TenantRow(models.Model):
    """A row that belongs to one community. Its migration must apply `tenant_table`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    community_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True


class TenantKey(models.ForeignKey[Any, Any]):
    """A reference to a row of the same community. The database constraint carries `(community_id, id)`
    and is made by `tenant_table`, so Django makes neither constraint nor index of its own."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options.setdefault("db_constraint", False)
        options.setdefault("db_index", False)
        super().__init__(to, on_delete, **options)

    def deconstruct(self) -> Any:
        """Named options are kept, so migrations state them."""
        name, path, args, kwargs = super().deconstruct()
        kwargs["db_constraint"] = False
        kwargs.setdefault("db_index", True)  # Django leaves it out where it is true
        return name, path, args, kwargs
