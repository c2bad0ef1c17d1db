"""Entering a case: understood, placed, sorted, dated, routed, compared and acknowledged in one transaction."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from fuhui import triage
from fuhui.domains.cases.actions.receipt import Receipt, first_answer
from fuhui.domains.cases.actions.repeats import number_and_open_cases, repeats_of, suggestion_rows
from fuhui.domains.cases.actions.sorting import Sorted, place_of, sort_matter
from fuhui.domains.cases.events import CaseReceived
from fuhui.domains.cases.models import Case, CaseHandler, CaseReporter, CaseStep
from fuhui.domains.cases.models.case import words_vector
from fuhui.domains.cases.permissions import may_enter
from fuhui.domains.cases.rules.states import State, Step
from fuhui.registry.accounts.queries import token_hash
from fuhui.registry.people.rules.contact import normal_phone
from fuhui.shared import audit
from fuhui.shared.crypto import blind_index
from fuhui.shared.errors import BadInput
from fuhui.shared.events import publish
from fuhui.shared.identifiers import new_id
from fuhui.shared.rows import broken_constraint, insert_together, transaction_for
from fuhui.shared.viewers import Viewer

LONGEST_TEXT = 5000
PHONE_CONTEXT = "phone"


@dataclass(frozen=True)
class Reporter:
    """Who raises it. All parts are optional; a phone lets them be told and find their matter again."""

    name: str = ""
    phone: str = ""
    account_id: UUID | None = None
    person_id: UUID | None = None
    group_name: str = ""


@dataclass(frozen=True)
class PlaceInput:
    """Where, as far as it was given: chosen rows, words, or a point on the map (WGS 84 degrees)."""

    grid_id: UUID | None = None
    building_id: UUID | None = None
    words: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True)
class Further:
    """Another message on the same matter, from a chat: its words and who said them."""

    words: str
    said_at: datetime
    reporter: Reporter


@dataclass(frozen=True)
class CaseInput:
    """A matter as it comes in. `case_id` and `request_key` come from a client that may send twice."""

    text: str
    source: str
    reporter: Reporter = field(default_factory=Reporter)
    place: PlaceInput = field(default_factory=PlaceInput)
    title: str = ""
    category_code: str = ""
    priority: str = ""
    is_urgent: bool | None = None
    is_confidential: bool = False
    received_at: datetime | None = None
    case_id: UUID | None = None
    request_key: str = ""
    further: tuple[Further, ...] = ()


def submit_case(*, by: Viewer, community_id: UUID, matter: CaseInput) -> Receipt:
    """Enters one matter and returns its number, tracking token and first answer.

    Sent twice with the same `request_key`, even at the same moment, the first one's case is returned and nothing
    is written. Raises BadInput for an empty or too long text, a phone
    that is none, an unknown category or a place of another community.
    """
    if matter.source in {"chat", "phone", "patrol"}:
        may_enter(by, community_id).require()
    try:
        return _submit(by, community_id, matter)
    except IntegrityError as error:
        if broken_constraint(error) != "cases_case_request_once":
            raise
        earlier = Case.objects.get(community_id=community_id, request_key=matter.request_key)
        return _receipt(earlier, _token(community_id, matter), sorted_anew=None)


def _submit(by: Viewer, community_id: UUID, matter: CaseInput) -> Receipt:
    text = _text(matter.text)
    now = timezone.now()
    matter = replace(matter, received_at=matter.received_at or now)
    found = sort_matter(community_id, matter, text, now=now)
    running, candidates = number_and_open_cases(community_id, found, wanted=not matter.is_confidential)
    case = _case(by, community_id, matter, text, found, running)
    repeats = repeats_of(case, found, candidates)
    token = _token(community_id, matter)
    work = _work(case, by, found, now)
    steps = [row.step for row in work if isinstance(row, CaseStep)]
    entry = audit.prepared(
        "cases.submit",
        by=by,
        community_id=community_id,
        subject="case",
        subject_id=case.id,
        data={"number": case.number, "source": case.source, "steps": steps},
    )
    rows = [*_reporters(case, matter, token), *work, *suggestion_rows(case, repeats)]
    with transaction_for(CaseReceived):
        insert_together(case, rows, entry=entry)
        publish(
            CaseReceived(community_id=community_id, case_id=case.id, priority=case.priority, is_urgent=case.is_urgent)
        )
    return _receipt(case, token, sorted_anew=replace(found, suggestions=repeats))


def enter_sibling(*, by: Viewer, origin: Case, title: str, text: str, now: datetime) -> Case:
    """A new case split off another: same door, place and time of receipt, sorted by its own words."""
    matter = CaseInput(
        text=text,
        source=origin.source,
        title=title,
        received_at=origin.received_at,
        is_confidential=origin.is_confidential,
        place=PlaceInput(grid_id=origin.grid_id, building_id=origin.building_id, words=origin.place_text),
    )
    found = sort_matter(origin.community_id, matter, _text(text), now=now)
    running, _ = number_and_open_cases(origin.community_id, found, wanted=False)
    case = _case(by, origin.community_id, matter, _text(text), found, running, split_from=origin)
    insert_together(case, _work(case, by, found, now))
    audit.record(
        "cases.submit",
        by=by,
        community_id=case.community_id,
        subject="case",
        subject_id=case.id,
        data={"number": case.number, "split_from": origin.number},
    )
    return case


def _token(community_id: UUID, matter: CaseInput) -> str:
    """A tracking token of 128 bits; the same for the same request, so that a second tap gets the same link."""
    if not matter.request_key:
        return secrets.token_urlsafe(16)
    digest = salted_hmac("cases.tracking", f"{community_id}:{matter.request_key}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def phone_index(phone: str) -> bytes:
    """The blind index by which a phone finds its matters; raises BadInput for what is no phone."""
    return blind_index(_phone(phone), context=PHONE_CONTEXT)


def _phone(text: str) -> str:
    phone = normal_phone(text)
    if phone is None:
        raise BadInput("not_a_phone", "这不像电话号码。手机号是 11 位，座机请带区号；也可以不填。", field="phone")
    return phone


def _text(text: str) -> str:
    clean = text.replace("\x00", "").strip()
    if not clean:
        raise BadInput("text_missing", "请写一句您要反映的事，例如：3号楼2单元楼道灯不亮。", field="text")
    if len(clean) > LONGEST_TEXT:
        raise BadInput(
            "text_too_long",
            f"最多 {LONGEST_TEXT} 字，现在是 {len(clean)} 字；请写要点，其余可作为照片上传。",
            field="text",
        )
    return clean


def _case(
    by: Viewer,
    community_id: UUID,
    matter: CaseInput,
    text: str,
    found: Sorted,
    running: int,
    split_from: Case | None = None,
) -> Case:
    title = (matter.title.strip() or found.understanding.title)[:60]
    handler = found.handler
    case = Case(
        id=matter.case_id or new_id(),
        community_id=community_id,
        number=_number(found.received_at, running),
        request_key=matter.request_key or None,
        title=title,
        text=text,
        source=matter.source,
        state=State.HANDLING if handler else State.SUBMITTED,
        category_id=found.category.id,
        priority=found.priority,
        is_urgent=found.is_urgent,
        is_confidential=matter.is_confidential,
        grid_id=found.grid_id,
        building_id=found.building_id,
        place_text=place_of(matter, found)[:120],
        place_facts=found.place_facts,
        longitude=matter.place.longitude,
        latitude=matter.place.latitude,
        understood=found.understood(),
        received_at=found.received_at,
        received_by=by.actor,
        pace=found.pace,
        reply_due_at=found.dates.reply.due,
        close_due_at=found.dates.close.due,
        due_at=min(found.dates.reply.due, found.dates.close.due),
        reckoning=found.reckoning(),
        handler_account_id=handler.account_id if handler else None,
        handler_organisation_id=handler.organisation_id if handler else None,
        handler_name=handler.name if handler else "",
        split_from=split_from,
        reporter_count=1 + len({one.reporter.name for one in matter.further} - {matter.reporter.name}),
    )
    case.search = words_vector(case.id, case.searchable())
    return case


def _number(received_at: datetime, running: int) -> str:
    """Day of receipt and a running number of the installation: 260302-00417."""
    return f"{timezone.localtime(received_at):%y%m%d}-{running:05d}"


def _reporters(case: Case, matter: CaseInput, token: str) -> list[CaseReporter]:
    first = reporter_row(case, matter.reporter, words=matter.text, at=case.received_at)
    first.is_first, first.token_hash = True, token_hash(token)
    return [first, *(reporter_row(case, one.reporter, words=one.words, at=one.said_at) for one in matter.further)]


def reporter_row(case: Case, reporter: Reporter, *, words: str, at: datetime) -> CaseReporter:
    """An unsaved row for one who raised the case; raises BadInput for a phone that is none."""
    phone = _phone(reporter.phone) if reporter.phone.strip() else ""
    return CaseReporter(
        community_id=case.community_id,
        case=case,
        name=reporter.name.strip()[:40],
        phone=phone or None,
        phone_index=phone_index(phone) if phone else None,
        account_id=reporter.account_id,
        person_id=reporter.person_id,
        group_name=reporter.group_name[:60],
        words=words[:LONGEST_TEXT],
        said_at=at,
    )


def _work(case: Case, by: Viewer, found: Sorted, now: datetime) -> list[CaseStep | CaseHandler]:
    """The first rows of its history, and who works on it where a rule says so."""
    common: dict[str, Any] = {"community_id": case.community_id, "case": case}
    received = CaseStep(
        **common,
        actor=by.actor,
        actor_name=by.name,
        step=Step.SUBMIT,
        state_from="",
        state_to=State.SUBMITTED,
        at=case.received_at,
        data={"source": case.source},
    )
    if not found.handler:
        return [received]
    assigned = CaseStep(
        **common,
        actor="system:routing",
        actor_name="派单规则",
        step=Step.ASSIGN,
        state_from=State.SUBMITTED,
        state_to=State.HANDLING,
        at=now,
        data={"to": found.handler.name, "rule": found.handler.rule},
    )
    lead = CaseHandler(
        **common,
        role="lead",
        account_id=found.handler.account_id,
        organisation_id=found.handler.organisation_id,
        name=found.handler.name,
        since=now,
    )
    return [received, assigned, lead]


def _receipt(case: Case, token: str, *, sorted_anew: Sorted | None) -> Receipt:
    danger = triage.danger(case.text)
    refusal = triage.jurisdiction(case.text)
    return Receipt(
        case=case,
        token=token,
        danger=danger,
        refusal=refusal,
        answer=first_answer(case, danger=danger, refusal=refusal),
        suggestions=sorted_anew.suggestions if sorted_anew else (),
    )
