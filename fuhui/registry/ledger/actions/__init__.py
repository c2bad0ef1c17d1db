"""Changes of the book: writing, reversing, evidence, the catalogue."""

from fuhui.registry.ledger.actions.catalogue import extend_matrix, save_kind
from fuhui.registry.ledger.actions.reversing import reverse_service
from fuhui.registry.ledger.actions.writing import write_service
from fuhui.registry.ledger.models import ServiceRecord
from fuhui.registry.ledger.rules.service import Served, ServedBy

__all__ = ["Served", "ServedBy", "ServiceRecord", "extend_matrix", "reverse_service", "save_kind", "write_service"]
