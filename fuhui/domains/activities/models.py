"""Tables of the activities."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from fuhui.domains.activities.rules.activity import (
    KIND_NAMES,
    LIVE,
    MOST_HEADS,
    MOST_PLACES,
    SIGN_NAMES,
    STATE_NAMES,
    State,
)
from fuhui.domains.activities.rules.sports import MEASURE_NAMES, MOST_EACH, MOST_LANES, MOST_TEAM
from fuhui.shared.crypto import SealedTextField
from fuhui.shared.tenancy.models import TenantKey, TenantRow, plain_choices


class Activity(TenantRow):
    """One activity. `taken` is counted by a trigger; the database keeps it between nothing and the capacity."""

    request_key = models.UUIDField(editable=False)
    state = models.CharField("状态", max_length=10, choices=plain_choices(STATE_NAMES), default=State.PLANNED.value)
    title = models.CharField("名称", max_length=40)
    text = models.CharField("介绍", max_length=1000, blank=True)
    kind = models.CharField("类型", max_length=10, choices=plain_choices(KIND_NAMES))
    place = models.CharField("地点", max_length=60)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    capacity = models.PositiveSmallIntegerField("名额")
    taken = models.PositiveSmallIntegerField("已占名额", default=0)
    service_code = models.CharField("服务目录代码", max_length=61)
    organiser = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+")
    series = models.UUIDField("系列", null=True, blank=True)
    contests_each = models.PositiveSmallIntegerField("每人最多报几项", default=2)
    planned_by = models.CharField(max_length=60)
    planned_account = models.UUIDField(null=True, blank=True)
    planned_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.CharField(max_length=60, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("取消或改期的原因", max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "request_key"], name="activities_activity_sent_once"),
            models.CheckConstraint(
                name="activities_activity_capacity", condition=Q(capacity__gte=1, capacity__lte=MOST_PLACES)
            ),
            models.CheckConstraint(name="activities_activity_not_oversold", condition=Q(taken__lte=F("capacity"))),
            models.CheckConstraint(
                name="activities_activity_each", condition=Q(contests_each__gte=1, contests_each__lte=MOST_EACH)
            ),
            models.CheckConstraint(name="activities_activity_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="activities_activity_other_approves",
                condition=Q(approved_by="") | ~Q(approved_by=F("planned_by")),
            ),
            models.CheckConstraint(
                name="activities_activity_approved",
                condition=Q(state__in=["planned", "cancelled"]) | ~Q(approved_by=""),
            ),
            models.CheckConstraint(
                name="activities_activity_closed", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "state", "starts_at"], name="activities_activity_list"),
            models.Index(fields=["community_id", "series"], name="activities_activity_series",
                         condition=Q(series__isnull=False)),
        ]


class SignUp(TenantRow):
    """A person with those who come along. The names are sealed; equal ones are found by their blind index."""

    activity = TenantKey(Activity, related_name="signups")
    request_key = models.UUIDField(editable=False)
    state = models.CharField(max_length=10, choices=plain_choices(SIGN_NAMES))
    heads = models.PositiveSmallIntegerField("人数", default=1)
    account_id = models.UUIDField(null=True, blank=True)
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    name = SealedTextField(context="activities.signup.name")
    phone = SealedTextField(context="activities.signup.phone", null=True, blank=True)
    who_index = models.BinaryField(max_length=32, editable=False)
    entered_by = models.CharField(max_length=60)
    at = models.DateTimeField()
    offered_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "request_key"], name="activities_signup_sent_once"),
            models.UniqueConstraint(
                fields=["community_id", "activity", "who_index"], name="activities_signup_one_live",
                condition=Q(state__in=LIVE),
            ),
            models.CheckConstraint(
                name="activities_signup_heads", condition=Q(heads__gte=1, heads__lte=MOST_HEADS)
            ),
            models.CheckConstraint(
                name="activities_signup_offer_ends", condition=~Q(state="offered") | Q(offered_until__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["community_id", "activity", "state", "id"], name="activities_signup_list"),
            models.Index(fields=["community_id", "account_id"], name="activities_signup_mine"),
            models.Index(
                fields=["community_id", "offered_until"], name="activities_signup_lapse", condition=Q(state="offered")
            ),
        ]


class CheckIn(TenantRow):
    """A scan or a tap at the door, refused ones too; `at` on the device, `received_at` here. Never changed."""

    activity = TenantKey(Activity, related_name="checkins")
    signup = TenantKey(SignUp, null=True, blank=True, related_name="checkins")
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    client_uuid = models.UUIDField()
    outcome = models.CharField(max_length=16)
    heads = models.PositiveSmallIntegerField(default=1)
    how = models.CharField(max_length=8)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "client_uuid"], name="activities_checkin_sent_once"),
            models.UniqueConstraint(
                fields=["community_id", "activity", "signup"], name="activities_checkin_once",
                condition=Q(outcome="ok", signup__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["community_id", "activity", "person"], name="activities_checkin_person_once",
                condition=Q(outcome="ok", person__isnull=False),
            ),
            models.CheckConstraint(name="activities_checkin_heads", condition=Q(heads__gte=1, heads__lte=500)),
        ]


class Helper(TenantRow):
    """Who gives the activity: helpers and lecturers from the register, partner units with their people."""

    ROLES = (("helper", "志愿者"), ("lecturer", "主讲"), ("partner", "协办单位"))
    activity = TenantKey(Activity, related_name="helpers")
    role = models.CharField(max_length=10, choices=ROLES)
    person = TenantKey("people.Person", null=True, blank=True, related_name="+")
    organisation = TenantKey("organisations.Organisation", null=True, blank=True, related_name="+")
    heads = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField()
    actor = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "activity", "person"], name="activities_helper_person_once",
                condition=Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["community_id", "activity", "organisation"], name="activities_helper_unit_once",
                condition=Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="activities_helper_one_kind",
                condition=Q(person__isnull=True, organisation__isnull=False)
                | Q(person__isnull=False, organisation__isnull=True, heads=1),
            ),
            models.CheckConstraint(name="activities_helper_minutes", condition=Q(minutes__gte=1, minutes__lte=1440)),
        ]


class Photo(TenantRow):
    """A photo of an activity. It is public only where somebody wrote down whose consent there is, and until it is
    taken back."""

    CONSENTS = (("", "不公开，只留档"), ("faceless", "认不出任何人"), ("agreed", "画面里的人都同意公开"))
    activity = TenantKey(Activity, related_name="photos")
    file_id = models.UUIDField()
    words = models.CharField("说明", max_length=60, blank=True)
    consent = models.CharField("公开的依据", max_length=10, choices=CONSENTS, blank=True)
    consent_by = models.CharField(max_length=60, blank=True)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_why = models.CharField("撤下的原因", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "file_id"], name="activities_photo_file_once"),
            models.CheckConstraint(
                name="activities_photo_consent",
                condition=Q(consent="", consent_by="") | (~Q(consent="") & ~Q(consent_by="")),
            ),
            models.CheckConstraint(
                name="activities_photo_hidden",
                condition=Q(hidden_at__isnull=True, hidden_why="") | (Q(hidden_at__isnull=False) & ~Q(hidden_why="")),
            ),
        ]
        indexes = [models.Index(fields=["community_id", "activity"], name="activities_photo_of")]


class Feedback(TenantRow):
    """What somebody who was there says of it, once per sign-up."""

    activity = TenantKey(Activity, related_name="feedback")
    signup = TenantKey(SignUp, related_name="feedback")
    stars = models.PositiveSmallIntegerField("几颗星")
    words = models.CharField("说的话", max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "signup"], name="activities_feedback_once"),
            models.CheckConstraint(name="activities_feedback_stars", condition=Q(stars__gte=1, stars__lte=5)),
        ]
        indexes = [models.Index(fields=["community_id", "activity"], name="activities_feedback_of")]


class Work(TenantRow):
    """A work in an exhibition: whose it is, and its picture where the author agreed that it is shown."""

    activity = TenantKey(Activity, related_name="works")
    title = models.CharField("作品", max_length=40)
    author = models.CharField("作者", max_length=30)
    file_id = models.UUIDField(null=True, blank=True)
    agreed_by = models.CharField("谁记下作者同意", max_length=60)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="activities_work_agreed", condition=~Q(agreed_by="")),
            models.UniqueConstraint(fields=["community_id", "activity", "author", "title"], name="activities_work_once",
                                    condition=Q(hidden_at__isnull=True)),
        ]
        indexes = [models.Index(fields=["community_id", "activity"], name="activities_work_of")]


class Vote(TenantRow):
    """One vote of one person in one exhibition. `voter` tells people apart and names nobody."""

    activity = TenantKey(Activity, related_name="votes")
    work = TenantKey(Work, related_name="votes")
    voter = models.BinaryField(max_length=32, editable=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "activity", "voter"], name="activities_vote_once")
        ]
        indexes = [models.Index(fields=["community_id", "work"], name="activities_vote_for")]


class Contest(TenantRow):
    """One event of a sports meeting, for single people or for teams. `seed` makes its draw one that everybody can
    repeat."""

    activity = TenantKey(Activity, related_name="contests")
    title = models.CharField("项目", max_length=20)
    measure = models.CharField("怎么算成绩", max_length=8, choices=plain_choices(MEASURE_NAMES))
    groups = models.JSONField("组别")
    lanes = models.PositiveSmallIntegerField("一次几个上场")
    team_size = models.PositiveSmallIntegerField("一队几人", default=1)
    seed = models.PositiveIntegerField("抽签号", null=True, blank=True)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "activity", "title"], name="activities_contest_once",
                                    condition=Q(removed_at__isnull=True)),
            models.CheckConstraint(name="activities_contest_lanes", condition=Q(lanes__gte=1, lanes__lte=MOST_LANES)),
            models.CheckConstraint(name="activities_contest_team",
                                   condition=Q(team_size__gte=1, team_size__lte=MOST_TEAM)),
        ]


class Entry(TenantRow):
    """What starts in one lane of an event: one person, or a team with a name. It has one result."""

    contest = TenantKey(Contest, related_name="entries")
    activity = TenantKey(Activity, related_name="entries")
    signup = TenantKey(SignUp, null=True, blank=True, related_name="entries")
    team = models.CharField("队名", max_length=12, blank=True)
    group = models.CharField("组别", max_length=12)
    heat = models.PositiveSmallIntegerField("第几组", null=True, blank=True)
    lane = models.PositiveSmallIntegerField("道次", null=True, blank=True)
    result = models.PositiveIntegerField("成绩", null=True, blank=True)
    absent = models.BooleanField("没有成绩", default=False)
    actor = models.CharField(max_length=60)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "contest", "team"], name="activities_entry_team_once",
                                    condition=Q(withdrawn_at__isnull=True) & ~Q(team="")),
            models.UniqueConstraint(fields=["community_id", "contest", "group", "heat", "lane"],
                                    name="activities_entry_lane", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(name="activities_entry_slot",
                                   condition=Q(heat__isnull=True, lane__isnull=True)
                                   | Q(heat__isnull=False, lane__isnull=False, heat__gte=1, lane__gte=1)),
            models.CheckConstraint(name="activities_entry_one_outcome",
                                   condition=Q(result__isnull=True) | Q(absent=False)),
        ]
        indexes = [models.Index(fields=["community_id", "activity"], name="activities_entry_of")]

    @cached_property
    def people(self) -> list[Member]:
        """Who starts: one person, or the members of the team."""
        return list(self.members.order_by("pk"))

    @property
    def name(self) -> str:
        """The team's name, or the person's."""
        return self.team or "".join(one.name for one in self.people)


class Member(TenantRow):
    """Somebody in an event, alone or in a team. Name and birth year tell people apart; the name is sealed and shown
    only as agreed. A trigger keeps everybody within the meeting's limit of events."""

    entry = TenantKey(Entry, related_name="members")
    contest = TenantKey(Contest, related_name="members")
    activity = TenantKey(Activity, related_name="members")
    name = SealedTextField(context="activities.entry.name")
    who_index = models.BinaryField(max_length=32, editable=False)
    born = models.PositiveSmallIntegerField("出生年份")
    agreed = models.BooleanField("同意公布全名", default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "contest", "who_index"], name="activities_member_once",
                                    condition=Q(withdrawn_at__isnull=True)),
        ]
        indexes = [
            models.Index(fields=["community_id", "activity", "who_index"], name="activities_member_of"),
            models.Index(fields=["community_id", "entry"], name="activities_member_in"),
        ]
