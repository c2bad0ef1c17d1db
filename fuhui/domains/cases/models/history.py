"""What happened to a case: append-only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from fuhui.domains.cases.models.case import Case
from fuhui.domains.cases.rules.states import STATE_NAMES, STEP_NAMES, State, Step
from fuhui.shared.tenancy.models import TenantKey, TenantRow


class CaseStep(TenantRow):
    """One arrow of the workflow: old and new state, who, when, words. `data` holds the step's own facts."""

    case = TenantKey(Case, related_name="steps")
    step = models.CharField(max_length=20, choices=[(step, STEP_NAMES[step]) for step in Step])
    state_from = models.CharField(max_length=12, blank=True, choices=[(state, STATE_NAMES[state]) for state in State])
    state_to = models.CharField(max_length=12, choices=[(state, STATE_NAMES[state]) for state in State])
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    is_public = models.BooleanField(default=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["community_id", "case", "id"], name="cases_step_case")]


class CaseRating(TenantRow):
    """One call-back. Append-only; the latest counts. `reached` False: nobody answered, not judged."""

    SATISFACTION = (("very", "满意"), ("fairly", "基本满意"), ("not", "不满意"))
    case = TenantKey(Case, related_name="ratings")
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    reached = models.BooleanField(default=True)
    is_solved = models.BooleanField(null=True, blank=True)
    satisfaction = models.CharField(max_length=8, blank=True, choices=SATISFACTION)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_rating_judged",
                condition=Q(reached=False, is_solved__isnull=True, satisfaction="")
                | Q(reached=True, is_solved__isnull=False, satisfaction__in=["very", "fairly", "not"]),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "case", "id"], name="cases_rating_case")]
