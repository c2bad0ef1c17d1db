"""Belonging to a team: asked by the volunteer, confirmed by its leader."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from fuhui.domains.volunteers.actions.registering import locked
from fuhui.domains.volunteers.models import Joining
from fuhui.domains.volunteers.permissions import may_decide, may_lead
from fuhui.domains.volunteers.queries.teams import joinings_for, team_for
from fuhui.domains.volunteers.rules.registration import JoiningState, VolunteerState
from fuhui.registry.organisations.actions import add_member, end_membership
from fuhui.shared import audit
from fuhui.shared.errors import BadInput, NotFound, RuleBroken
from fuhui.shared.rows import broken_constraint
from fuhui.shared.viewers import Viewer, system


@transaction.atomic
def ask_to_join(*, by: Viewer, volunteer_id: UUID, team_id: UUID) -> Joining:
    """A volunteer asks to belong to a team. Raises RuleBroken where they asked or belong already, or do not serve."""
    volunteer = locked(by, volunteer_id)
    team = team_for(by, team_id)
    if team.community_id != volunteer.community_id:
        raise NotFound("team", "没有找到这支志愿服务队。")
    if volunteer.state != VolunteerState.ACTIVE:
        raise RuleBroken("not_active", "登记已暂停或退出，请先恢复服务再申请入队。")
    row = Joining(community_id=team.community_id, team_id=team.id, volunteer=volunteer, asked_by=by.actor)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if broken_constraint(error) != "volunteers_joining_once":
            raise
        raise RuleBroken("volunteers_joining_once", "已经在这支队伍里，或申请还在等队长确认，不用再申请。") from error
    audit.record("volunteers.ask", by=by, community_id=row.community_id, subject="joining", subject_id=row.id)
    return row


@transaction.atomic
def decide_joining(*, by: Viewer, joining_id: UUID, confirm: bool, reason: str = "") -> Joining:
    """The leader confirms (the volunteer becomes a member of the organisation) or declines with a reason.

    The same answer again changes nothing. Raises BadInput without a reason, RuleBroken where it was decided otherwise.
    """
    row = _locked(by, joining_id)
    may_decide(by, row.community_id, row.team_id, row.volunteer.person_id).require()
    wanted = JoiningState.CONFIRMED if confirm else JoiningState.DECLINED
    if row.state == wanted:
        return row
    if row.state != JoiningState.ASKED:
        raise RuleBroken("decided", "这份申请已经有了结果，请刷新页面查看。")
    if not confirm and not reason.strip():
        raise BadInput("reason", "请写明不同意的原因，申请人看得到。", field="reason")
    if confirm:
        # The team's own page lists the same members: the registry of organisations keeps them.
        row.membership_id = add_member(
            by=_office(row), organisation_id=row.team_id, person_id=row.volunteer.person_id, title="志愿者").id
    return _decided(by, row, wanted, reason)


@transaction.atomic
def leave_team(*, by: Viewer, joining_id: UUID, reason: str = "") -> Joining:
    """A member leaves, by their own wish or the leader's with a reason. A second call changes nothing."""
    row = _locked(by, joining_id)
    own = by.person_id == row.volunteer.person_id
    if not own:
        may_lead(by, row.community_id, row.team_id).require()
        if not reason.strip():
            raise BadInput("reason", "请写明退队的原因，本人看得到。", field="reason")
    if row.state not in {JoiningState.ASKED, JoiningState.CONFIRMED}:
        return row
    if row.membership_id:
        end_membership(by=_office(row), membership_id=row.membership_id)
    return _decided(by, row, JoiningState.LEFT, reason)


def _decided(by: Viewer, row: Joining, state: JoiningState, reason: str) -> Joining:
    row.state, row.reason = state, reason.strip()[:200]
    row.decided_at, row.decided_by = timezone.now(), by.actor
    row.save()
    audit.record(f"volunteers.{state.value}", by=by, community_id=row.community_id, subject="joining",
                 subject_id=row.id, data={"reason": row.reason})
    return row


def _locked(by: Viewer, joining_id: UUID) -> Joining:
    row = joinings_for(by).select_for_update(of=("self",)).filter(pk=joining_id).first()
    if row is None:
        raise NotFound("joining", "没有找到这份入队申请，或不在您的权限范围内。")
    return row


def _office(row: Joining) -> Viewer:
    return system("volunteers", row.community_id)
