"""A town for the permission table: two communities, an object of every kind, one person per role."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine
from django.utils import timezone
from PIL import Image

from fuhui.shared.tenancy.scope import acting
from fuhui.shared.viewers import Role, Viewer
from tests.personas import REGIONS, STREET, Place, make_account, make_community, moment

ELSEWHERE = (
    ("370611002000", "门楼街道", "street", "370611000000"),
    ("370611002001", "门楼社区居民委员会", "community", "370611002000"),
)
TALK = "王阿姨 2026-03-12 08:54\n3号楼2单元二楼的灯又不亮了，昨天我差点摔一跤\n"
HEADINGS = "姓名,性别,电话,住址\n孙桂芳,女,19900000031,福惠小区3号楼1单元101\n"
LAMP = "福惠小区3号楼2单元楼道灯不亮，晚上老人看不见"

# The columns of the table. Their words are in docs/permissions.md.
ROLES = (
    "visitor", "resident", "other_resident", "volunteer", "grid_worker", "other_grid_worker", "community_staff",
    "secretary", "health_worker", "organisation_leader", "street_officer", "auditor", "operator",
)


@dataclass(frozen=True)
class Town:
    """The people by column of the table, and what an address of each community is filled with."""

    people: dict[str, Viewer]
    own: dict[str, Any]
    other: dict[str, Any]


def build() -> Town:
    """Makes the town through the rooms' own actions."""
    from fuhui.registry.places.models import Region

    for code, name, level, parent in (*REGIONS, *ELSEWHERE):
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, "parent_id": parent})
    here, there = make_community("370611001038", "福惠社区"), make_community("370611002001", "门楼社区")
    people = _people(here)
    neighbours = {
        "resident": make_account("n-resident", "邻居民", Role.RESIDENT, there),
        "grid_worker": make_account("n-grid", "邻网格员", Role.GRID_WORKER, there, grid_id=there.grids[3]),
        "secretary": make_account("n-chen", "邻书记", Role.SECRETARY, there),
    }
    own, other = _objects(here, people), _objects(there, neighbours)
    return Town(_with_leader(people, here, own["organisation_id"]), own, other)


def _people(here: Place) -> dict[str, Viewer]:
    inside: dict[str, tuple[Role, dict[str, Any]]] = {
        "resident": (Role.RESIDENT, {}),
        "other_resident": (Role.RESIDENT, {}),
        "volunteer": (Role.VOLUNTEER, {}),
        "grid_worker": (Role.GRID_WORKER, {"grid_id": here.grids[3]}),
        "other_grid_worker": (Role.GRID_WORKER, {"grid_id": here.grids[5]}),
        "community_staff": (Role.COMMUNITY_STAFF, {}),
        "secretary": (Role.SECRETARY, {}),
        "health_worker": (Role.HEALTH_WORKER, {}),
    }
    made = {name: make_account(name, name, role, here, **where) for name, (role, where) in inside.items()}
    made["street_officer"] = make_account("street", "刘卫东", Role.STREET_OFFICER, region_id=STREET)
    made["auditor"] = make_account("auditor", "审计员", Role.AUDITOR, here)
    made["operator"] = make_account("operator", "管理员", Role.OPERATOR)
    return made


def _with_leader(people: dict[str, Viewer], here: Place, organisation_id: UUID) -> dict[str, Viewer]:
    leader = make_account("leader", "负责人", Role.ORGANISATION_LEADER, here, organisation_id=organisation_id)
    return {"visitor": Viewer(), **people, "organisation_leader": leader}


def _objects(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    """Everything of one community that an address can name; of grid 3 where it belongs to a grid."""
    secretary = people["secretary"]
    with acting(secretary):
        made: dict[str, Any] = {"code": place.code, "community_id": place.id, "grid_id": place.grids[3],
                                "building_id": place.buildings["3"]}
        makers = (_register, _organise, _volunteer, _serve, _enter_case, _publish, _paste, _write_rules, _wish, _plan,
                  _send, _audit)
        for make in makers:
            made |= make(place, people)
    return made


def _register(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.registry.people import actions
    from fuhui.registry.people.models import AttributeCard, CardCategory
    from fuhui.registry.people.rules.entry import PersonEntry

    by, here = people["secretary"], place.id
    entry = PersonEntry(name="李桂兰", phone="19900000021", birth="1960-05-01")
    person = actions.register_person(by=by, community_id=here, entry=entry,
                                     address="福惠小区3号楼1单元101", grid_id=place.grids[3], accept_duplicates=True)
    actions.seed_categories(by=by, community_id=here)
    category = CardCategory.objects.filter(community_id=here, is_sensitive=False).first()
    assert category
    actions.add_card(by=by, person_id=person.pk, category=category.code, source="走访")
    batch = actions.upload_list(by=by, community_id=here, file_name="名册.csv", chunks=[HEADINGS.encode()])
    return {"person_id": person.pk, "household_id": person.household_id, "import_id": batch.pk,
            "card_id": AttributeCard.objects.get(community_id=here).pk}


def _organise(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.registry.accounts import actions as accounts
    from fuhui.registry.accounts.models import ApiToken
    from fuhui.registry.organisations import actions
    from fuhui.registry.organisations.rules import OrganisationKind

    by = people["secretary"]
    clerk = f"clerk-{place.code}"
    worker = make_account(clerk, "社区文员", Role.COMMUNITY_STAFF, place)
    team = actions.save_organisation(by=by, community_id=place.id, kind=OrganisationKind.VOLUNTEER_TEAM, name="志愿队")
    member = actions.add_member(by=by, organisation_id=team.id, account_id=worker.account_id)
    accounts.issue_token(by=by, username=clerk, name="对接", days=9)
    return {"organisation_id": team.id, "membership_id": member.id, "account_id": worker.account_id,
            "token_id": ApiToken.objects.get(account__username=clerk).id}


def _volunteer(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.domains.volunteers.actions.registering import register_volunteer
    from fuhui.domains.volunteers.actions.teams import ask_to_join
    from fuhui.domains.volunteers.rules.registration import VolunteerEntry
    from fuhui.registry.organisations.models import Organisation
    from fuhui.registry.people.models import Person

    by = people["secretary"]
    person = Person.objects.get(community_id=place.id, name="李桂兰")
    one = register_volunteer(by=by, person_id=person.pk, entry=VolunteerEntry(agreed=True, skills=["care"]))
    team = Organisation.objects.get(community_id=place.id, name="志愿队")
    joining = ask_to_join(by=by, volunteer_id=one.id, team_id=team.id)
    return {"volunteer_id": one.id, "team_id": team.id, "joining_id": joining.id, **_call_for_help(place, by, one.id)}


def _call_for_help(place: Place, by: Viewer, volunteer_id: UUID) -> dict[str, Any]:
    from fuhui.domains.volunteers.actions.calls import publish_call
    from fuhui.domains.volunteers.actions.signing_up import sign_up
    from fuhui.domains.volunteers.models import Shift
    from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry

    entry = CallEntry(title="陪诊", about="陪老人看病", place="社区门口", risks="无", kind="other")
    begin = timezone.now() + timedelta(days=3)
    call = publish_call(by=by, community_id=place.id, entry=entry,
                        shifts=[ShiftEntry(starts_at=begin, ends_at=begin + timedelta(hours=2), capacity=5)])
    shift = Shift.objects.get(call=call)
    row = sign_up(by=by, shift_id=shift.id, volunteer_id=volunteer_id)
    return {"call_id": call.id, "shift_id": shift.id, "sign_up_id": row.id, **_served_shift(place, by, volunteer_id)}


def _served_shift(place: Place, by: Viewer, volunteer_id: UUID) -> dict[str, Any]:
    """A shift of nine days ago whose hours were approved today, so that they are under notice."""
    from fuhui.domains.volunteers.actions.attendance import mark
    from fuhui.domains.volunteers.actions.calls import publish_call
    from fuhui.domains.volunteers.actions.hours import Approval, approve_hours
    from fuhui.domains.volunteers.actions.signing_up import sign_up
    from fuhui.domains.volunteers.codes import code_at
    from fuhui.domains.volunteers.models import Shift
    from fuhui.domains.volunteers.rules.attendance import Way, written
    from fuhui.domains.volunteers.rules.planning import CallEntry, ShiftEntry

    begin = timezone.now() - timedelta(days=9)
    entry = CallEntry(title="陪聊", about="陪老人说话", place="社区门口", risks="无", kind="other")
    with time_machine.travel(begin - timedelta(days=1)):
        call = publish_call(by=by, community_id=place.id, entry=entry,
                            shifts=[ShiftEntry(starts_at=begin, ends_at=begin + timedelta(hours=2), capacity=5)])
        shift = Shift.objects.get(call=call)
    with time_machine.travel(begin - timedelta(hours=1)):
        row = sign_up(by=by, shift_id=shift.id, volunteer_id=volunteer_id)
    with time_machine.travel(begin + timedelta(hours=2)):
        mark(by=by, sign_up_id=row.id, way=Way.IN, at=begin)
        found = mark(by=by, sign_up_id=row.id, way=Way.OUT, at=begin + timedelta(hours=1))
    approve_hours(by=by, shift_id=shift.id, approvals={found.id: Approval(60)})
    return {"attendance_id": found.id, "written": written(code_at(shift.id, begin)), "item_id": found.id,
            "feedback_id": _rated(by, shift), **_certified(by, volunteer_id, begin), **_bank(by, volunteer_id)}


def _bank(by: Viewer, volunteer_id: UUID) -> dict[str, Any]:
    """A time account with a request for help, somebody who acts for its holder, and a stored service."""
    from fuhui.domains.volunteers.actions.timebank import BankRules, change_rules, credit_service, open_account
    from fuhui.domains.volunteers.actions.timebank_people import name_representative
    from fuhui.domains.volunteers.models import BankEntry, BankRequest, Volunteer
    from fuhui.registry.ledger.models import ServiceRecord
    from fuhui.registry.people.models import Person

    one = Volunteer.objects.get(pk=volunteer_id)
    change_rules(by=by, community_id=one.community_id,
                 rules=BankRules(is_open=True, cap=90_000, floor=0, rate=100, kinds=["other"]))
    account = open_account(by=by, community_id=one.community_id, person_id=one.person_id)
    asked = BankRequest.objects.create(community_id=one.community_id, account=account, words="陪看病", kind="other",
                                       minutes=60, wanted_on=timezone.localdate(), asked_by=by.actor)
    stored = ServiceRecord.objects.get(community_id=one.community_id, source="hand", key="lin")
    credit_service(by=by, record_id=stored.pk)
    neighbour = Person.objects.create(community_id=one.community_id, name="孟邻居")
    acts = name_representative(by=by, account_id=account.pk, person_id=neighbour.pk, relation="邻居")
    entry = BankEntry.objects.get(community_id=one.community_id, kind="earn")
    return {"bank_account_id": account.pk, "request_id": asked.pk, "representative_id": acts.pk,
            "bank_entry_id": entry.pk}


def _rated(by: Viewer, shift: Any) -> UUID:
    """What a neighbour said of a shift."""
    from fuhui.domains.volunteers.models import Feedback
    from fuhui.registry.people.models import Person

    who = Person.objects.create(community_id=shift.community_id, name="何大爷")
    made = Feedback.objects.create(community_id=shift.community_id, shift=shift, person_id=who.pk, stars=2,
                                   words="来晚了", way="phone", entered_by=by.actor)
    return made.pk


def _certified(by: Viewer, volunteer_id: UUID, begin: datetime) -> dict[str, Any]:
    """A certificate of a service that was written by hand."""
    from fuhui.domains.volunteers.actions.certificates import issue_certificate
    from fuhui.domains.volunteers.codes import certificate_token
    from fuhui.domains.volunteers.models import Volunteer
    from fuhui.registry.ledger.actions import ServedBy, write_service

    one = Volunteer.objects.get(pk=volunteer_id)
    write_service(by=by, community=one.community_id, source="hand", key="lin", kind="other", title="陪诊",
                  occurred_at=begin, minutes=90, served_by=[ServedBy(person=one.person_id)])
    made = issue_certificate(by=by, volunteer_id=volunteer_id, since=begin.date(), until=begin.date(), head="陈静",
                             handler="孙丽", contact="0535-0001001")
    return {"certificate_id": made.pk, "proof": certificate_token(made.pk)}


def _serve(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    """A service of the secretary's own, so that nobody else of the table took part in it."""
    from fuhui.registry.ledger.actions import ServedBy, write_service

    by = people["secretary"]
    row = write_service(by=by, community=place.id, source="hand", key="town", kind="health.all", title="量血压",
                        occurred_at=moment("2026-03-02 09:30"), minutes=60,
                        served_by=[ServedBy(account=by.account_id)])
    return {"record_id": row.id}


def _enter_case(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.domains.cases.actions.details import add_photo
    from fuhui.domains.cases.actions.intake import CaseInput, PlaceInput, Reporter, submit_case

    reporter = Reporter(name="王秀兰", phone="19900000001", account_id=people["resident"].account_id)
    matter = CaseInput(text=LAMP, source="phone", reporter=reporter, place=PlaceInput(building_id=place.buildings["3"]))
    receipt = submit_case(by=people["secretary"], community_id=place.id, matter=matter)
    photo = add_photo(by=people["secretary"], case_id=receipt.case.id, upload=_photo(), moment="before")
    return {"case_id": receipt.case.id, "track": receipt.token, "file_id": photo.file_id}


def _publish(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.domains.cases.actions.closing import Judgement, call_back, pass_check
    from fuhui.domains.cases.actions.handling import Worker, assign_case, reply_to_resident, solve_case
    from fuhui.domains.cases.actions.intake import CaseInput, submit_case
    from fuhui.domains.cases.actions.publishing import PublicWords, publish_case
    from fuhui.domains.cases.models import CasePublication

    by = people["secretary"]
    matter = CaseInput(text="福惠小区7号楼垃圾桶满了没人清运", source="phone")
    case = submit_case(by=by, community_id=place.id, matter=matter).case.id
    assign_case(by=by, case_id=case, to=Worker(people["grid_worker"].account_id))
    reply_to_resident(by=by, case_id=case, note="今天就清运")
    solve_case(by=by, case_id=case, note="已经清运干净")
    pass_check(by=by, case_id=case, note="看过了")
    call_back(by=by, case_id=case, judgement=Judgement(reached=True, is_solved=True, satisfaction="very"))
    publish_case(by=by, case_id=case, words=PublicWords("垃圾清运", "垃圾桶满了", "已经清运"))
    return {"publication_id": CasePublication.objects.get(case_id=case).id}


def _paste(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.channels.chat import actions
    from fuhui.channels.chat.actions import Pasted
    from fuhui.channels.chat.models import ChatDraft

    batch = actions.read_batch(by=people["grid_worker"], community_id=place.id,
                               pasted=Pasted(TALK, grid_id=place.grids[3]))
    draft = ChatDraft.objects.filter(batch=batch).first()
    assert draft
    return {"chat_id": batch.id, "draft_id": draft.id}


def _write_rules(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.domains.cases.actions.rulebook import save_rule
    from fuhui.domains.cases.models import CaseCategory

    data = {"name": "路灯", "words": ["路灯"], "to_grid_worker": True}
    rule = save_rule(by=people["secretary"], community_id=place.id, kind="routing", data=data)
    return {"rule_id": rule.id, "category_id": CaseCategory.objects.filter(community_id=place.id)[0].id}


def _wish(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    """A wish of grid 3 on the wall that the resident claimed."""
    from fuhui.domains.wishes.actions.claiming import ClaimInput, claim_wish
    from fuhui.domains.wishes.actions.publishing import Wisher, approve_wish, publish_wish
    from fuhui.domains.wishes.rules.wish import WishWords
    from fuhui.shared.identifiers import new_id

    words = WishWords(title="想要两盏灯", value_yuan=200, parts=2, grid=place.grids[3])
    wish = publish_wish(by=people["grid_worker"], community_id=place.id, wish=words, wisher=Wisher(name="张福来"),
                        request_key=new_id())
    approve_wish(by=people["secretary"], wish_id=wish.pk, title=wish.title, text="")
    with acting(people["resident"]):
        claim = claim_wish(by=people["resident"], wish_id=wish.pk, claim=ClaimInput(), request_key=new_id())
    return {"wish_id": wish.pk, "claim_id": claim.pk}


def _plan(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    """A published sports meeting of next month with one sign-up by its poster and one entry."""
    from datetime import timedelta

    from django.utils import timezone

    from fuhui.domains.activities.actions import competing, contests, planning
    from fuhui.domains.activities.actions.signing import sign_up
    from fuhui.domains.activities.rules.activity import Party, Plan
    from fuhui.domains.activities.rules.teams import Competitor
    from fuhui.domains.activities.tickets import ticket_of
    from fuhui.shared.identifiers import new_id

    starts = timezone.now() + timedelta(days=30)
    plan = Plan(title="趣味运动会", place="小学操场", kind="sports", capacity=20, starts_at=starts,
                ends_at=starts + timedelta(hours=2))
    activity = planning.plan_activity(by=people["grid_worker"], community_id=place.id, plan=plan, request_key=new_id())
    planning.approve_activity(by=people["secretary"], activity_id=activity.pk)
    planning.publish_activity(by=people["secretary"], activity_id=activity.pk)
    party = Party(name="李桂芳", phone="19900000021")
    signup = sign_up(by=people["secretary"], activity_id=activity.pk, party=party, request_key=new_id(), for_other=True)
    event = contests.Event(title="踢毽子", measure="points", lanes=6)
    contest = contests.add_contest(by=people["secretary"], activity_id=activity.pk, event=event)
    entry = competing.enter_contest(by=people["secretary"], activity_id=activity.pk, contest_id=contest.pk,
                                    who=Competitor(name="李桂芳", born=1956))
    return {"activity_id": activity.pk, "signup_id": signup.pk, "ticket": ticket_of(place.id, signup.pk),
            "contest_entry_id": entry.pk, "contest_id": contest.pk}


def _send(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.shared.messages import send

    return {"message_id": send(community_id=place.id, kind="test", title="您的诉求", body="已经答复",
                               to_account=people["resident"].account_id)}


def _audit(place: Place, people: dict[str, Viewer]) -> dict[str, Any]:
    from fuhui.shared.audit.models import Entry

    return {"entry_id": Entry.objects.filter(community_id=place.id).order_by("id")[0].id}


def _photo() -> Any:
    kept = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 90)).save(kept, "JPEG")
    kept.seek(0)
    kept.name = "灯.jpg"
    return kept


