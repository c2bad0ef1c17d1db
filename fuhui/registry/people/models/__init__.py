"""Tables of people."""

from __future__ import annotations

from fuhui.registry.people.models.importing import ImportBatch, ImportChange
from fuhui.registry.people.models.people import (
    AttributeCard,
    CardCategory,
    Consent,
    Household,
    MergeTrace,
    Person,
)

__all__ = [
    "AttributeCard",
    "CardCategory",
    "Consent",
    "Household",
    "ImportBatch",
    "ImportChange",
    "MergeTrace",
    "Person",
]
