"""The events of a sports meeting: added, changed, taken out, limited, drawn."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from fuhui.domains.activities.actions.locking import guarded, lock_kind, note, part_of, require
from fuhui.domains.activities.models import Activity, Contest, Entry
from fuhui.domains.activities.permissions import may_change
from fuhui.domains.activities.rules.activity import Kind
from fuhui.domains.activities.rules.sports import (
    CONTEST,
    MOST_CONTESTS,
    MOST_EACH,
    MOST_LANES,
    MOST_TEAM,
    Measure,
    draw,
    groups_in,
)
from fuhui.shared.errors import BadInput, RuleBroken
from fuhui.shared.viewers import Viewer

GONE = "没有找到这个项目，可能已经取消了。请重新选择。"


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event as it is handed in: `groups` as `groups_in` reads them, `team_size` 1 where everybody starts alone."""

    title: str
    measure: str
    lanes: int
    team_size: int = 1
    groups: str = ""


@transaction.atomic
def add_contest(*, by: Viewer, activity_id: UUID, event: Event) -> Contest:
    """Adds an event. Raises BadInput naming the field."""
    activity = _changing(by, activity_id)
    if Contest.objects.filter(activity=activity, removed_at=None).count() >= MOST_CONTESTS:
        raise RuleBroken("contests", f"一场运动会最多 {MOST_CONTESTS} 个项目。")
    row = Contest(community_id=activity.community_id, activity=activity, actor=by.actor, at=timezone.now(),
                  **_sound(event))
    guarded(row.save)
    note("activities.add_contest", by, activity, contest=str(row.pk))
    return row


@transaction.atomic
def edit_contest(*, by: Viewer, activity_id: UUID, contest_id: UUID, event: Event) -> Contest:
    """Changes an event until there are results. Once somebody is in it, groups and size of the teams stay; another
    number at once takes the draw back. Raises BadInput naming the field, RuleBroken("result" or "entered")."""
    activity = _changing(by, activity_id)
    row, facts = contest_of(activity, contest_id), _sound(event)
    entries = _untouched(row, "改")
    if entries and (row.groups, row.team_size) != (facts["groups"], facts["team_size"]):
        raise RuleBroken("entered", f"已经有 {entries} 个报项，组别和一队几人不能改。"
                                     "请先让他们退出，或者另加一个项目。")
    if row.seed is not None and row.lanes != facts["lanes"]:
        row.seed = None
        Entry.objects.filter(contest=row).update(heat=None, lane=None)
    for name, value in facts.items():
        setattr(row, name, value)
    guarded(row.save)
    note("activities.edit_contest", by, activity, contest=str(row.pk), title=row.title)
    return row


@transaction.atomic
def remove_contest(*, by: Viewer, activity_id: UUID, contest_id: UUID) -> Contest:
    """Takes an event out in which nobody is. Raises RuleBroken("result" or "entered")."""
    activity = _changing(by, activity_id)
    row = contest_of(activity, contest_id)
    entries = _untouched(row, "取消")
    if entries:
        raise RuleBroken("entered", f"还有 {entries} 个报项，不能取消这个项目。"
                                     "请先在“有人退出”里让他们退出，并告诉本人。")
    row.removed_at = timezone.now()
    guarded(row.save)
    note("activities.remove_contest", by, activity, contest=str(row.pk), title=row.title)
    return row


@transaction.atomic
def limit_contests(*, by: Viewer, activity_id: UUID, most: int) -> Activity:
    """Sets how many events a person may enter; who is in more already stays in them."""
    activity = _changing(by, activity_id)
    if not 1 <= most <= MOST_EACH:
        raise BadInput("each", f"每人最多报 1 到 {MOST_EACH} 项。", field="each")
    activity.contests_each = most
    activity.save(update_fields=["contests_each"])
    note("activities.limit_contests", by, activity, most=most)
    return activity


@transaction.atomic
def draw_heats(*, by: Viewer, activity_id: UUID, contest_id: UUID, seed: int | None = None) -> int:
    """Draws heats and lanes with a fresh seed, which is kept and shown; returns how many start. `seed` repeats a draw,
    for programs that build the same meeting again; no page or API offers it."""
    activity = _changing(by, activity_id)
    contest = contest_of(activity, contest_id)
    rows = {one.pk: one for one in Entry.objects.filter(contest=contest, withdrawn_at=None)}
    if not rows:
        raise RuleBroken("nobody", "还没有人报这个项目，有人报了再抽签。")
    if any(one.result is not None or one.absent for one in rows.values()):
        raise RuleBroken("result", "已经记了成绩，不能重新抽签。")
    contest.seed = seed or secrets.randbelow(900_000) + 100_000
    contest.save(update_fields=["seed"])
    by_group: dict[str, list[UUID]] = {}
    for one in rows.values():
        by_group.setdefault(one.group, []).append(one.pk)
    for ident, slot in draw(by_group, seed=contest.seed, lanes=contest.lanes).items():
        rows[ident].heat, rows[ident].lane = slot
    Entry.objects.bulk_update(rows.values(), ["heat", "lane"])
    note("activities.draw", by, activity, contest=str(contest.pk), seed=contest.seed)
    return len(rows)


def contest_of(activity: Activity, contest_id: UUID) -> Contest:
    """An event of the meeting that was not taken out, with its activity. Raises NotFound."""
    row = part_of(Contest.objects.filter(removed_at=None), activity, contest_id, "contest", GONE)
    row.activity = activity
    return row


def _changing(by: Viewer, activity_id: UUID) -> Activity:
    activity = lock_kind(by, activity_id, Kind.SPORTS)
    require(may_change(by, activity))
    return activity


def _untouched(row: Contest, deed: str) -> int:
    """How many are in an event without a result. Raises RuleBroken once there is one."""
    entries = list(Entry.objects.filter(contest=row, withdrawn_at=None))
    if any(one.result is not None or one.absent for one in entries):
        raise RuleBroken("result", f"已经记了成绩，不能{deed}这个项目。成绩记错了，请先把成绩栏清空保存。")
    return len(entries)


def _sound(event: Event) -> dict[str, Any]:
    """The columns of an event, or BadInput."""
    title = event.title.replace("\x00", "").strip()
    if not 1 <= len(title) <= CONTEST:
        raise BadInput("title", f"请写项目名称，最多 {CONTEST} 个字。", field="title")
    if event.measure not in set(Measure):
        raise BadInput("measure", "请选择怎么算成绩。", field="measure")
    if not 1 <= event.team_size <= MOST_TEAM:
        raise BadInput("team_size", f"一队 1 到 {MOST_TEAM} 人；一人一报就写 1。", field="team_size")
    if not 1 <= event.lanes <= MOST_LANES:
        raise BadInput("lanes", f"一次上场 1 到 {MOST_LANES} 个人（或队）。", field="lanes")
    return {"title": title, "measure": event.measure, "lanes": event.lanes, "team_size": event.team_size,
            "groups": [asdict(one) for one in groups_in(event.groups)]}
