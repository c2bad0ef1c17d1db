"""Reading the service catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fuhui.registry.ledger.models import Catalogue, ServiceKind
from fuhui.registry.ledger.rules.catalogue import Kind, default_kinds
from fuhui.shared.viewers import Viewer


@dataclass(frozen=True)
class CatalogueVersion:
    """The kinds of one version in their order. Version 0 is the default that nobody has written under yet."""

    version: int
    kinds: tuple[Kind, ...]

    def kind(self, code: str) -> Kind | None:
        """The kind with this code, in use or not."""
        return next((kind for kind in self.kinds if kind.code == code), None)

    @property
    def active(self) -> tuple[Kind, ...]:
        """The kinds in use."""
        return tuple(kind for kind in self.kinds if kind.is_active)


def catalogue_for(viewer: Viewer, community_id: UUID) -> CatalogueVersion:
    """The community's present catalogue; nothing outside the viewer's scope."""
    if not viewer.sees(community_id):
        return CatalogueVersion(0, ())
    latest = Catalogue.objects.filter(community_id=community_id).order_by("-version").first()
    if latest is None:
        return CatalogueVersion(0, tuple(default_kinds()))
    rows = ServiceKind.objects.filter(community_id=community_id, catalogue=latest)
    return CatalogueVersion(latest.version, tuple(_kind(row) for row in rows))


def _kind(row: ServiceKind) -> Kind:
    return Kind(row.code, row.name, row.send, row.send_name, row.help, row.help_name, row.order, row.is_active)
