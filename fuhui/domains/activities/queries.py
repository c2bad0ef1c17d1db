"""What is read of the activities. Every read starts from a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from fuhui.domains.activities.models import (
    Activity,
    CheckIn,
    Contest,
    Entry,
    Feedback,
    Helper,
    Member,
    Photo,
    SignUp,
    Work,
)
from fuhui.domains.activities.permissions import PUBLIC, is_desk, visible
from fuhui.domains.activities.rules.activity import LIVE, Outcome, SignState, State
from fuhui.domains.activities.rules.sports import ranks
from fuhui.registry.ledger.queries.catalogue import catalogue_for
from fuhui.registry.organisations.models import Organisation
from fuhui.registry.people.queries.people import people_by_phone
from fuhui.registry.places.models import Community
from fuhui.shared.errors import NotFound
from fuhui.shared.files.readers import StoredFile
from fuhui.shared.viewers import Viewer

TABS = (
    ("coming", "要来的", (State.PUBLISHED,)), ("planned", "待审批发布", (State.PLANNED, State.APPROVED)),
    ("ended", "已结束", (State.CLOSED,)), ("cancelled", "已取消", (State.CANCELLED,)),
)


@dataclass(frozen=True)
class ActivityRecord:
    """An activity with its list, who is there, how many help, and the code of its community."""

    activity: Activity
    code: str
    signups: Sequence[SignUp]
    present: frozenset[UUID]
    attendances: int
    refused: Sequence[CheckIn]
    helping: int


def coming(viewer: Viewer, community_id: UUID, now: datetime, limit: int = 30) -> list[Activity]:
    """What is on, soonest first, for everybody."""
    found = Activity.objects.filter(community_id=community_id, community_id__in=viewer.communities)
    return list(found.filter(state=State.PUBLISHED, ends_at__gt=now).order_by("starts_at", "pk")[:limit])


def public_activity(viewer: Viewer, community_id: UUID, activity_id: UUID) -> Activity:
    """One activity as everybody may see it. Raises NotFound for one that is not published."""
    found = Activity.objects.filter(community_id=community_id, community_id__in=viewer.communities, pk=activity_id)
    activity = found.filter(state__in=PUBLIC).first()
    if activity is None:
        raise NotFound("activity", "没有找到这个活动，可能还没有发布。请回到活动列表看看。")
    return activity


def seen_activity(viewer: Viewer, activity_id: UUID) -> Activity:
    """One activity that the viewer may see: published ones of their communities, all of their desk. Raises NotFound."""
    found = Activity.objects.filter(community_id__in=viewer.communities, pk=activity_id)
    activity = found.filter(Q(state__in=PUBLIC) | visible(viewer)).first()
    if activity is None:
        raise NotFound("activity", "没有找到这个活动，或它不在您的权限范围内。")
    return activity


def activities_for(viewer: Viewer, community_id: UUID, tab: str) -> QuerySet[Activity]:
    """The desk's activities under a tab."""
    states = next((states for code, _, states in TABS if code == tab), TABS[0][2])
    found = Activity.objects.filter(visible(viewer), community_id=community_id, state__in=states)
    came = CheckIn.objects.filter(activity=OuterRef("pk"), outcome=Outcome.OK).order_by().values("activity")
    if tab == "ended":
        found = found.annotate(came=Coalesce(Subquery(came.annotate(sum=Sum("heads")).values("sum")), 0))
    return found.order_by("starts_at" if tab in {"coming", "planned"} else "-starts_at", "pk")


def seen_by_desk(viewer: Viewer, activity_id: UUID) -> Any:
    """One activity alone, for those who work at its desk, with the `code` of its community and how many are `helping`.
    Raises NotFound."""
    code = Community.objects.filter(pk=OuterRef("community_id")).values("region_id")
    helpers = Helper.objects.filter(activity=OuterRef("pk")).order_by().values("activity").annotate(sum=Sum("heads"))
    found = Activity.objects.filter(visible(viewer), pk=activity_id).select_related("organiser")
    activity = found.annotate(code=Subquery(code), helping=Coalesce(Subquery(helpers.values("sum")), 0)).first()
    if activity is None:
        raise NotFound("activity", "没有找到这个活动，或它不在您的权限范围内。")
    return activity


def activity_for(viewer: Viewer, activity_id: UUID) -> ActivityRecord:
    """One activity with its list as the desk sees it. Raises NotFound."""
    activity = seen_by_desk(viewer, activity_id)
    scans = CheckIn.objects.filter(community_id=activity.community_id, activity=activity).exclude(outcome=Outcome.AGAIN)
    kept = list(scans.order_by("-pk"))
    there = [one for one in kept if one.outcome == Outcome.OK]
    return ActivityRecord(
        activity,
        activity.code,
        list(SignUp.objects.filter(activity=activity, state__in=LIVE).order_by("pk")),
        frozenset(one.signup_id for one in there if one.signup_id),
        sum(one.heads for one in there),
        [one for one in kept if one.outcome != Outcome.OK][:20],
        activity.helping,
    )


def helpers_of(activity: Activity) -> list[Helper]:
    """Who gives the activity: people and units."""
    found = Helper.objects.filter(community_id=activity.community_id, activity=activity)
    return list(found.select_related("person", "organisation").order_by("pk"))


def attendances(activity: Activity) -> int:
    """How many people came: the heads of everything that was checked in."""
    found = CheckIn.objects.filter(activity=activity, outcome=Outcome.OK)
    return int(found.aggregate(sum=Sum("heads"))["sum"] or 0)


def came_by_name(activity: Activity) -> set[UUID]:
    """The residents of the register who were checked in: scanned, tapped or from a paper list."""
    there = CheckIn.objects.filter(activity=activity, outcome=Outcome.OK)
    by_list = there.filter(person__isnull=False).values_list("person_id", flat=True)
    by_signup = there.filter(signup__person__isnull=False).values_list("signup__person_id", flat=True)
    return {*by_list, *by_signup}


def signup_for(viewer: Viewer, community_id: UUID, signup_id: UUID) -> SignUp:
    """A sign-up by its ticket; whoever holds the ticket may see it. Raises NotFound."""
    found = SignUp.objects.filter(community_id=community_id, community_id__in=viewer.communities, pk=signup_id)
    signup = found.select_related("activity").first()
    if signup is None:
        raise NotFound("signup", "没有找到这份报名。请核对链接，或打社区电话。")
    return signup


def my_signups(viewer: Viewer) -> list[SignUp]:
    """What the account signed up for, newest first, at most 50."""
    if not viewer.account_id:
        return []
    found = SignUp.objects.filter(community_id__in=viewer.communities, account_id=viewer.account_id)
    return list(found.select_related("activity").order_by("-pk")[:50])


def signed_up_by(viewer: Viewer, community_id: UUID, account_id: UUID) -> list[SignUp]:
    """The live sign-ups of an account for its calendar, from a month back; whoever holds its address may see them."""
    found = SignUp.objects.filter(community_id=community_id, community_id__in=viewer.communities, state__in=LIVE)
    recent = found.filter(account_id=account_id, activity__ends_at__gt=timezone.now() - timedelta(days=31))
    return list(recent.select_related("activity").order_by("activity__starts_at", "pk")[:200])


def photos_of(activity: Activity, *, public: bool) -> list[Photo]:
    """The photos that are shown: for everybody those with consent, for the desk all that were not taken down."""
    found = Photo.objects.filter(activity=activity, hidden_at=None).order_by("pk")
    return list(found.exclude(consent="") if public else found)


def may_read_photo(viewer: Viewer, stored: StoredFile) -> bool:
    """The desk; everybody in the community where there is consent that was not taken back."""
    works = Work.objects.filter(community_id=stored.community_id, file_id=stored.id, hidden_at=None)
    if viewer.sees(stored.community_id) and works.exists():
        return True
    found = Photo.objects.filter(community_id=stored.community_id, file_id=stored.id).first()
    return found is not None and (
        is_desk(viewer, found.community_id)
        or (bool(found.consent) and found.hidden_at is None and viewer.sees(found.community_id))
    )


def works_of(activity: Activity) -> list[Any]:
    """The works of an exhibition with the `count` of their votes, in the order in which they were hung."""
    found = Work.objects.filter(activity=activity, hidden_at=None).annotate(count=Count("votes"))
    return list(found.order_by("pk"))


def contests_of(activity: Activity) -> list[tuple[Contest, list[Entry]]]:
    """The events of a sports meeting in their order, each with those who are in it, by group, heat and lane."""
    contests = list(Contest.objects.filter(activity=activity, removed_at=None).order_by("pk"))
    entries: dict[UUID, dict[UUID, Entry]] = {one.pk: {} for one in contests}
    found = Member.objects.filter(activity=activity, withdrawn_at=None).select_related("entry")
    ordered = found.order_by("entry__group", F("entry__heat").asc(nulls_last=True), "entry__lane", "entry", "pk")
    for one in ordered if contests else ():
        entry = entries[one.contest_id].setdefault(one.entry_id, one.entry)
        entry.__dict__.setdefault("people", []).append(one)
    return [(one, list(entries[one.pk].values())) for one in contests]


def contest_for(activity: Activity, contest_id: UUID) -> tuple[Contest, int]:
    """One event of a sports meeting and how many are in it. Raises NotFound."""
    in_it = Count("entries", filter=Q(entries__withdrawn_at=None))
    found = Contest.objects.filter(activity=activity, removed_at=None, pk=contest_id).annotate(in_it=in_it).first()
    if found is None:
        raise NotFound("contest", "没有找到这个项目，可能已经取消了。请回到项目和成绩页。")
    return found, int(found.in_it)


def entry_for(activity: Activity, entry_id: UUID) -> tuple[Contest, Entry, int]:
    """Somebody's entry with its event and place, 0 without a result. Raises NotFound."""
    for contest, entries in contests_of(activity):
        row = next((one for one in entries if one.pk == entry_id), None)
        if row is not None:
            return contest, row, places_in(contest, entries).get(row.pk, 0)
    raise NotFound("entry", "没有找到这个报项，可能已经退出了。")


def places_in(contest: Contest, entries: Sequence[Entry]) -> dict[UUID, int]:
    """The place of everybody with a result, each within the own group."""
    found: dict[UUID, int] = {}
    for group in {one.group for one in entries}:
        results = [(one.pk, one.result) for one in entries if one.group == group and one.result is not None]
        found |= ranks(results, contest.measure)
    return found


def feedback_on(activity: Activity) -> list[Feedback]:
    """What those who were there said, newest first; no names."""
    return list(Feedback.objects.filter(activity=activity).order_by("-pk")[:200])


def feedback_by(signup: SignUp) -> Feedback | None:
    """What the holder of this ticket said."""
    return Feedback.objects.filter(activity=signup.activity_id, signup=signup).first()


def in_series(activity: Activity) -> list[Activity]:
    """The activities of the same series, in their order; none for a single one."""
    if activity.series is None:
        return []
    found = Activity.objects.filter(community_id=activity.community_id, series=activity.series)
    return list(found.order_by("starts_at", "pk"))


def place_in_line(signup: SignUp) -> int:
    """How many wait before this one, plus one."""
    before = SignUp.objects.filter(activity=signup.activity_id, state=SignState.WAITING, pk__lt=signup.pk)
    return before.count() + 1


def is_present(signup: SignUp) -> bool:
    """True when they were checked in."""
    return CheckIn.objects.filter(activity=signup.activity_id, signup=signup, outcome=Outcome.OK).exists()


def residents_with_phone(viewer: Viewer, community_id: UUID, phone: str) -> list[tuple[str, str]]:
    """People of the register with this phone that the worker may see."""
    return [(str(one.pk), one.name) for one in people_by_phone(viewer, community_id, phone)]


def unit_choices(viewer: Viewer, community_id: UUID) -> list[tuple[str, str]]:
    """Organisations that may organise or help."""
    if not viewer.sees(community_id):
        return []
    found = Organisation.objects.filter(community_id=community_id, until=None).order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def service_choices(viewer: Viewer, community_id: UUID) -> list[tuple[str, str]]:
    """The service catalogue's kinds in use."""
    return [(kind.code, kind.name) for kind in catalogue_for(viewer, community_id).active]
