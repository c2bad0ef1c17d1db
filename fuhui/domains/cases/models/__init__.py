"""Tables of cases. All are tenant-owned; history tables are append-only in the database."""

from fuhui.domains.cases.models.case import Case, CaseCategory, CaseReporter, MergeSuggestion
from fuhui.domains.cases.models.history import CaseRating, CaseStep
from fuhui.domains.cases.models.rulebook import ClockRow, PriorityRule, RoutingRule
from fuhui.domains.cases.models.work import (
    CaseEscalation,
    CaseExtension,
    CaseHandler,
    CaseObjection,
    CasePause,
    CasePhoto,
    CasePublication,
)

__all__ = [
    "Case",
    "CaseCategory",
    "CaseEscalation",
    "CaseExtension",
    "CaseHandler",
    "CaseObjection",
    "CasePause",
    "CasePhoto",
    "CasePublication",
    "CaseRating",
    "CaseReporter",
    "CaseStep",
    "ClockRow",
    "MergeSuggestion",
    "PriorityRule",
    "RoutingRule",
]
