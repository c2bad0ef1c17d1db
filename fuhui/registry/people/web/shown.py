"""How people are shown: texts are prepared here, templates only place them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from fuhui.registry.people.queries import grid_of
from fuhui.registry.people.rules.identity import age_on
from fuhui.registry.people.rules.words import (
    CONSENT_CHANNELS,
    CONSENT_NAMES,
    CONSENT_PURPOSES,
    RESIDENCE_NAMES,
    SEX_NAMES,
    STATUS_NAMES,
    ConsentAct,
    PersonStatus,
    Residence,
    Sex,
)
from fuhui.shared.ui.format import when
from fuhui.shared.ui.shapes import Row, TimelineItem, row, timeline_item

_NO_PLACE = "住址未登记"


def place_text(household: Any) -> str:
    """Where a household lives, in words."""
    if household is None:
        return _NO_PLACE
    home = household.home
    if home is None:
        return household.address_text or (f"户号 {household.number}" if household.number else _NO_PLACE)
    return f"{home.building}{f'{home.unit}单元' if home.unit else ''}{home.room}"


def grid_text(household: Any) -> str:
    """The name of a household's grid, '' where it has none."""
    if household is None or grid_of(household) is None:
        return ""
    return str(household.home.building.grid if household.home_id else household.grid)


def age_text(birth: date | None) -> str:
    """81 岁, '' where the birth date is not known."""
    return f"{age_on(birth, timezone.localdate())} 岁" if birth else ""


def about(person: Any) -> str:
    """Sex and age in short: 女 · 81 岁."""
    return " · ".join(filter(None, [SEX_NAMES[Sex(person.sex)] if person.sex else "", age_text(person.birth_date)]))


def person_row(person: Any, *, health_only: bool = False) -> Row:
    """A line of the list: surname, about, place, running cards, phone's tail."""
    cards = [card.category.name for card in person.running_cards if card.category.for_health or not health_only]
    status = "" if person.status == PersonStatus.ACTIVE else STATUS_NAMES[PersonStatus(person.status)]
    return row(
        title=person.name,
        href=reverse("people:person", args=[person.pk]),
        lead=person.name[:1],
        id=str(person.pk),
        sub=" · ".join(filter(None, [about(person), place_text(person.household)])),
        pill=status or (cards[0] if cards else ""),
        tone="neutral" if status else "accent",
        note="、".join(cards[1:4]),
        meta=f"尾号 {person.phone_tail}" if person.phone_tail else "",
    )


def member_row(person: Any) -> Row:
    """A line of a household."""
    return row(
        title=person.name,
        href=reverse("people:person", args=[person.pk]),
        lead=person.name[:1],
        sub=about(person),
        meta=person.relation,
        id=str(person.pk),
    )


def facts(person: Any) -> list[tuple[str, str]]:
    """What is known of a person, without what is encrypted."""
    born = person.birth_date
    found = [
        ("性别", SEX_NAMES[Sex(person.sex)]),
        ("出生日期", f"{born.year}年{born.month}月{born.day}日（{age_text(born)}）" if born else "未登记"),
        ("住址", place_text(person.household)),
        ("网格", grid_text(person.household)),
        ("与户主关系", person.relation),
        ("人口类别", RESIDENCE_NAMES[Residence(person.residence)]),
        ("民族", person.nation),
        ("政治面貌", person.political),
        ("电话", f"尾号 {person.phone_tail}" if person.phone_tail else "未登记"),
        ("证件号", "已登记（加密）" if person.id_index else "未登记"),
        ("状态", STATUS_NAMES[PersonStatus(person.status)]),
        ("备注", person.note),
        ("来源", person.source),
    ]
    return [(name, value) for name, value in found if value]


def consent_item(line: Any) -> TimelineItem:
    """A line of the consent log."""
    given = line.act == ConsentAct.GIVEN
    guardian = f"监护人 {line.by_guardian}" if line.by_guardian else ""
    body = " · ".join(
        filter(None, [f"告知书 {line.version}", CONSENT_CHANNELS.get(line.channel, line.channel), guardian, line.note])
    )
    return timeline_item(
        when(line.at),
        f"{CONSENT_NAMES[ConsentAct(line.act)]}：{CONSENT_PURPOSES.get(line.purpose, line.purpose)}",
        body=body,
        tone="done" if given else "soon",
    )


def history_item(event: dict[str, Any]) -> TimelineItem:
    """A former version of a record: what it said before the change."""
    said = [
        event["name"],
        SEX_NAMES[Sex(event["sex"])] if event["sex"] else "",
        str(event["birth_date"] or ""),
        event["relation"],
        f"尾号 {event['phone_tail']}" if event["phone_tail"] else "",
        event["note"],
    ]
    return timeline_item(
        when(event["pgh_created_at"]), f"第 {event['version']} 版被修改", body="、".join(filter(None, said))
    )
